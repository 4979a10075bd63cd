"""How the clerk page looks. Plain CSS that browsers of ten years ago understand; no fonts, pictures or scripts."""

import base64
import hashlib
from typing import Final

STYLE: Final = """
* { box-sizing: border-box; }
body { margin: 0; background: #eef1f5; color: #1c2733; line-height: 1.5;
  font-family: "Microsoft YaHei", "Noto Sans CJK SC", "PingFang SC", "WenQuanYi Micro Hei", sans-serif;
  font-size: 18px; }
main { max-width: 640px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { margin: 0 0 4px; font-size: 28px; font-weight: 600; line-height: 1.3; }
h2 { margin: 0 0 12px; font-size: 20px; font-weight: 600; }
small, .en { color: #56657a; font-size: 15px; font-weight: 400; }
.state { margin: 0 0 24px; }
.state b { font-weight: 600; margin-right: 16px; }
.notice { margin: 0 0 24px; padding: 12px 16px; background: #dde7f3; border-left: 4px solid #1f5fa8; }
.fault { margin: 0 0 16px; padding: 12px 16px; background: #fbe9e7; border-left: 4px solid #a8321f; }
section { margin: 0 0 16px; padding: 20px; background: #fff; border: 1px solid #d5dce5; border-radius: 8px; }
label { display: block; margin: 0 0 12px; }
input[type=text], input[type=password] { display: block; width: 100%; height: 48px; margin-top: 4px; padding: 0 12px;
  font: inherit; color: inherit; background: #fff; border: 1px solid #8795a8; border-radius: 6px; }
textarea { display: block; width: 100%; margin-top: 4px; padding: 8px 12px;
  font: inherit; color: inherit; background: #fff; border: 1px solid #8795a8; border-radius: 6px; }
input.short { width: 120px; }
input.beside { display: inline-block; width: 60%; height: 66px; margin: 4px 8px 4px 0; vertical-align: middle; }
button { min-height: 52px; margin: 4px 8px 4px 0; padding: 8px 24px; font: inherit; font-weight: 600; cursor: pointer;
  color: #1f4f8a; background: #fff; border: 1px solid #1f5fa8; border-radius: 6px; }
a.button { display: inline-block; padding: 8px 24px; font-weight: 600; color: #1f4f8a; background: #fff;
  border: 1px solid #1f5fa8; border-radius: 6px; text-decoration: none; }
a.button .en { display: block; color: inherit; }
button.main { display: block; width: 100%; min-height: 68px; margin: 4px 0; font-size: 24px; color: #fff;
  background: #1f5fa8; }
button.beside { min-height: 66px; vertical-align: middle; }
button.quiet { margin: 0; padding: 8px 0; min-height: 44px; font-weight: 400; font-size: 15px;
  background: none; border: 0; text-decoration: underline; }
button .en { display: block; font-size: 14px; color: inherit; }
input:focus, button:focus { outline: 3px solid #f0a020; outline-offset: 1px; }
form { margin: 0; }
footer { margin-top: 16px; color: #56657a; font-size: 15px; }
"""

STYLE_POLICY: Final = f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
"""The one style that the content security policy lets through."""
