"""Platforms that a test talks to: real HTTP servers that keep what they were sent and refuse what they should.

Form A is opened with the OpenSSL command line, which shares no code with what made the message.
"""

import gzip
import json
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DEADLINE_S = 20
UNKNOWN_CASE = "没有对应的服务数据"
DUPLICATE = "本次服务已存在评价，请勿重复评价！"


class ConformancePlatform:
    """Does one fault after the other, then answers by its rules. A fault gets (platform, request, fields)."""

    def __init__(self, tls=None):
        self.cases = set()
        self.ratings = {}
        self.messages = []
        self.faults = []
        self.broken = []
        self._changed = threading.Condition()
        self.released = threading.Event()
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) == length:  # else the sender was ended in the middle
                    platform.take(self, body)

            def log_message(self, *args):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # the line was cut, as some tests want

        self.server = Server(("127.0.0.1", 0), Handler)
        scheme = "http"
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls, tls.with_name("key.pem"))
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            scheme = "https"
        self.url = f"{scheme}://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.005})
        self.thread.start()

    def take(self, request, body):
        try:
            kind, fields = self.opened(request, body)
        except Exception as fault:
            self.broken.append(fault)
            raise
        with self._changed:
            self.messages.append((kind, fields))
            fault = self.faults.pop(0) if self.faults else None
            self._changed.notify_all()
        if fault is not None:
            fault(self, request, kind, fields)
        else:
            self.answer(request, *self.kept(kind, fields))

    def kept(self, kind, fields):
        """Whether it was taken, what is said, and the rating that stood already."""
        service = (fields["projectNo"], str(fields["serviceNumber"]))
        if kind == "case":
            known = service in self.cases
            self.cases.add(service)
            return (False, "已存在该条服务信息，请勿重复提交！", None) if known else (True, "", None)
        if service not in self.cases:
            return False, UNKNOWN_CASE, None
        if service in self.ratings:
            return False, DUPLICATE, self.ratings[service]
        if self.lacks_reason(fields):
            return False, "差评必须勾选详情或填写文字评价", None
        self.ratings[service] = fields
        return True, "", None

    @staticmethod
    def lacks_reason(fields):
        return int(fields["satisfaction"]) < 3 and not fields.get("evalDetail") and not fields.get("writingEvaluation")

    def until_asked(self, times):
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.messages) >= times, DEADLINE_S)

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(DEADLINE_S)
        assert self.broken == []


class PlainRestPlatform(ConformancePlatform):
    """With `gives_back` a refusal of a duplicate says which rating stands."""

    gives_back = False
    charset = "utf-8"
    token = None

    def opened(self, request, body):
        kind = {"/cases": "case", "/ratings": "rating"}[request.path]
        return kind, json.loads(body)

    def answer(self, request, is_taken, words, standing, status=200):
        content = {"success": is_taken, "message": words}
        if is_taken:
            content["receipt"] = f"回执-{len(self.messages)}"
        if standing and self.gives_back:
            content["existing"] = {"reference": standing["reference"], "satisfaction": standing["satisfaction"]}
        send(request, status, json.dumps(content, ensure_ascii=False).encode(self.charset))


class FormAPlatform(ConformancePlatform):
    """Holds the platform's private key and the sender's public one, as OpenSSL has made them."""

    def __init__(self, platform_key, sender_public, word):
        self.platform_key = platform_key
        self.sender_public = sender_public
        self.word = word
        super().__init__()

    def opened(self, request, body):
        assert request.headers["C-Tenancy-Id"] == "370000000000"
        content = json.loads(body)
        inner = content["txnBodyCom"]
        assert content["txnCommCom"] == {}
        signed = f"{inner['time']}{inner['appMark']}{self.word}"
        assert openssl_verifies(self.sender_public, signed.encode(), bytes.fromhex(inner["sign"]))
        ((element, (cipher,)),) = inner["params"].items()
        fields = json.loads(openssl_opened(self.platform_key, bytes.fromhex(cipher)))
        return {"service": "case", "evaluate": "rating"}[element], fields

    def answer(self, request, is_taken, words, standing, status=200):
        del standing
        said = {"success": "true" if is_taken else "false", "message": words}
        content = {"C-Response-Desc": "success", "C-Response-Body": said}
        send(request, status, json.dumps(content, ensure_ascii=False).encode())


def send(request, status, body, **headers):
    request.send_response(status)
    request.send_header("Content-Length", str(len(body)))
    request.send_header("Content-Type", "application/json")
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)


def says(status, body=b"", **headers):
    """A fault: this answer, and nothing is kept."""
    return lambda platform, request, kind, fields: send(request, status, body, **headers)


def says_words(words, status=200):
    return lambda platform, request, kind, fields: platform.answer(request, False, words, None, status)


def cut_after_taking(platform, request, kind, fields):
    """The record is kept and half of the answer gets through."""
    platform.kept(kind, fields)
    request.send_response(200)
    request.send_header("Content-Length", "500")
    request.end_headers()
    request.wfile.write(b'{"success": tr')
    request.close_connection = True


def cut_before_taking(platform, request, kind, fields):
    request.close_connection = True


def drips(platform, request, kind, fields):
    """A byte now and then, for as long as anybody listens."""
    request.send_response(200)
    request.end_headers()
    while not platform.released.is_set():
        request.wfile.write(b" ")
        request.wfile.flush()
        time.sleep(0.02)


def sends_100_mb(platform, request, kind, fields):
    platform.kept(kind, fields)
    request.send_response(200)
    request.send_header("Content-Length", str(100 << 20))
    request.end_headers()
    for _ in range(100):
        request.wfile.write(b" " * (1 << 20))


def sends_a_gzip_bomb(platform, request, kind, fields):
    send(request, 200, gzip.compress(b" " * (64 << 20)), Content_Encoding="gzip")


def openssl(*arguments, given=b""):
    done = subprocess.run(["openssl", *map(str, arguments)], input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def make_sm2_key(path):
    """Writes PEM files; gives the private key as 64 hex digits and the public one as 130."""
    openssl("genpkey", "-algorithm", "SM2", "-out", path)
    openssl("pkey", "-in", path, "-pubout", "-out", path.with_suffix(".pub"))
    text = openssl("pkey", "-in", path, "-noout", "-text").decode()
    private, public = text.partition("priv:")[2].split("pub:")
    digits = "".join(char for char in private if char in "0123456789abcdef")
    return digits[-64:], "".join(char for char in public.split("ASN1")[0] if char in "0123456789abcdef")


def openssl_verifies(public, text, signature):
    text_file, signature_file = public.with_suffix(".text"), public.with_suffix(".signature")
    text_file.write_bytes(text)
    signature_file.write_bytes(signature)
    who = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
    told = openssl("pkeyutl", "-verify", "-pubin", "-inkey", public, *who, "-in", text_file, "-sigfile", signature_file)
    return b"Verified Successfully" in told


def openssl_opened(private, cipher):
    """OpenSSL wants the parts of 04 ‖ C1 ‖ C3 ‖ C2 as ASN.1."""
    x, y, tag, masked = cipher[1:33], cipher[33:65], cipher[65:97], cipher[97:]
    return openssl(
        "pkeyutl", "-decrypt", "-inkey", private, given=sequence(integer(x), integer(y), octets(tag), octets(masked))
    )


def openssl_sealed(public, plain):
    """As 04 ‖ C1 ‖ C3 ‖ C2."""
    made = openssl("pkeyutl", "-encrypt", "-pubin", "-inkey", public, given=plain)
    parts, rest = [], der_content(made)[0]
    while rest:
        content, rest = der_content(rest)
        parts.append(content)
    x, y, tag, masked = parts
    return b"\x04" + x[-32:].rjust(32, b"\0") + y[-32:].rjust(32, b"\0") + tag + masked


def der_content(der):
    length, start = der[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(der[2:start])
    return der[start : start + length], der[start + length :]


def tagged(tag, content):
    size = len(content)
    length = bytes([size]) if size < 0x80 else bytes([0x82]) + size.to_bytes(2)
    return bytes([tag]) + length + content


def integer(digits):
    content = digits.lstrip(b"\0") or b"\0"
    return tagged(0x02, b"\0" + content if content[0] & 0x80 else content)


def octets(content):
    return tagged(0x04, content)


def sequence(*parts):
    return tagged(0x30, b"".join(parts))
