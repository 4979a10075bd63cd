"""What `kiosk learn` says, in Chinese and in English, one line each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from devices.learning.findings import Finding

LEVEL_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"5": "非常满意", "4": "满意", "3": "基本满意", "2": "不满意", "1": "非常不满意"}
)

_FINDINGS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        # What is believed.
        "line": ("线路：{0}", "line: {0}"),
        "keyboard": ("这是一台像键盘一样打字的评价器", "the box types like a USB keyboard"),
        "single-byte": ("每个按键只发一个字节", "each key sends a single byte"),
        "fixed-frame": ("每帧固定 {0} 字节", "frames of {0} bytes each"),
        "length-prefixed": ("帧内写有长度（{0} 次）", "frames that say their length ({0} times)"),
        "delimited": ("每帧以固定字节结尾", "frames that end with constant bytes"),
        "keystrokes": ("按键代码；结尾 {0}", "key codes; ended by {0}"),
        "start": ("帧头：{0}", "start: {0}"),
        "end": ("帧尾：{0}", "end: {0}"),
        "checksum": ("校验：{0}，范围 {1}", "checksum: {0} over the {1}"),
        "address": ("评价器地址：{0} 到 {1}", "addresses of boxes: {0} to {1}"),
        "key": ("{0} 键：{1}（整帧 {2}）", "key {0}: {1} (heard as {2})"),
        "lacks": ("没有 {0} 键", "no key for {0}"),
        "timeout-key": ("{0} 表示无人按键，不是评价", "{0} means that nobody pressed: never a rating"),
        "guard": ("{0} 毫秒内的重复算一次", "repeats within {0} ms are one press"),
        # What is doubtful.
        "no-checksum": (
            "没有找到校验：线路干扰可能被当作按键",
            "no checksum found: noise on the line could pass for a press",
        ),
        "no-start": (
            "单字节没有任何保护：线路干扰可能被当作按键，请用短线、好线",
            "nothing protects a single byte: noise could pass for a press; use a short, good cable",
        ),
        "single-box-only": (
            "此配置只供一条线上一台评价器使用",
            "this profile is for a box alone on its line",
        ),
        "address-not-found": (
            "找不到编号 {0} 在帧中的位置：这条线上只能接这一台",
            "box number {0} was not found in the frame: put this box alone on its line",
        ),
        "guard-assumed": (
            "没有听到长按时的重复，按 {0} 毫秒处理",
            "no repeats of a held key were heard: {0} ms are assumed",
        ),
        "time-out-not-heard": (
            "没有等待超时：如评价器会自己发出超时代码，请重学一次并等满 20 秒",
            "the time-out was not waited for: if the box sends a code of its own then, learn again and wait 20 s",
        ),
        "baud-not-proven": (
            "没有校验可以证明线路 {0} 正确，请对照说明书",
            "no checksum proves that {0} is right: compare with the box's manual",
        ),
        "counter": ("第 {0} 个字节每次都变，已忽略", "byte {0} differs from press to press and is ignored"),
        "noise-heard": ("有 {0} 次没有听到完整的帧", "{0} presses held no whole frame"),
        "lacks-levels": (
            "缺少等级 {0}：不能作为窗口唯一的评价方式",
            "without levels {0} it cannot be a window's only way to rate",
        ),
        # Why it cannot be told.
        "nothing-heard": (
            "什么也没听到。请检查电源、线和 A/B 线序；有的评价器要先由主机发“请评价”才有反应",
            "nothing was heard: check power, cable, A and B; some boxes answer only after they were asked to rate",
        ),
        "key-silent": ("{0} 键没有（足够的）信号，请再按", "key {0} was not heard (often enough): press it again"),
        "same-bytes": (
            "{0} 键和 {1} 键发出同样的内容，无法区分",
            "keys {0} and {1} send the same: they cannot be told apart",
        ),
        "by-itself": (
            "{0} 键的内容在无人按键时也会出现，不能当作评价",
            "what key {0} sends comes without a press too: it cannot be a rating",
        ),
        "differs-each-time": (
            "{0} 键每次都不同：线路设置可能不对，或线路有干扰",
            "key {0} sends something else each time: wrong line settings, or noise",
        ),
        "sizes-differ": (
            "各键的长度不同，配置文件写不出这种帧",
            "the keys' frames have different lengths: a profile cannot say that",
        ),
        "too-few-keys": ("少于两个键，无从评价", "fewer than two keys leave no choice"),
        "no-structure": ("看不出规律：请试别的线路设置", "no frame was found in it: try other line settings"),
        "profile-refused": ("写出的配置不成立：{0}", "the profile would not be valid: {0}"),
        "test-failed": ("要求按 {0}，却读成 {1}", "key {0} was asked for and {1} was read"),
        "test-silent": ("{0} 键按了但读不出", "key {0} was pressed and not understood"),
        "scanner": (
            "这是扫码枪，不是评价器：不需要配置文件，把下面几行写入 kiosk.toml",
            "this is a scanner, not an evaluator: it needs no profile but these lines in kiosk.toml",
        ),
        "lines-exhausted": ("所有线路设置都试过了", "all line settings were tried"),
        "port-lost": ("端口不能用：{0}", "the port cannot be used: {0}"),
    }
)


def said(finding: Finding) -> str:
    """A level is said by its word too."""
    chinese, english = _FINDINGS[finding.code]
    return both(chinese.format(*finding.values), english.format(*finding.values))


def said_in(finding: Finding, *, chinese: bool) -> str:
    """In one language, for a screen."""
    return _FINDINGS[finding.code][0 if chinese else 1].format(*finding.values)


def both(chinese: str, english: str) -> str:
    return f"{chinese} / {english}"


def level_name(level: int) -> str:
    return f"{level} {LEVEL_NAMES[str(level)]}"
