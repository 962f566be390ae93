"""A small web application with the faults that its environment asks for."""
import http.server, os, signal, sys, threading, time

FAILS = os.environ.get("FAILS") == "yes"
HOARD = []

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # headers and body in one packet
    wbufsize = -1

    def do_GET(self):
        if self.path == "/hoard":
            HOARD.append(bytearray(os.urandom(1) * 512 * 1024 * 1024))
        if self.path == "/slow":
            time.sleep(0.5)
        status = 500 if FAILS and self.path != "/health" else 200 if self.path in ("/", "/health", "/slow") else 404
        body = os.environ.get("VERSION", "").encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 256

    def handle_error(self, *_):
        pass  # a health check closes its connection without reading on

if os.environ.get("CRASHES") == "yes":
    sys.exit("no configuration")
if os.environ.get("SECRET_NEEDED") and not os.environ.get("TOKEN"):
    sys.exit("no token")
time.sleep(float(os.environ.get("START_SECONDS", "0")))
server = Server(("0.0.0.0", 8000), Handler)
IGNORES = os.environ.get("IGNORES_SIGTERM") == "yes"
signal.signal(signal.SIGTERM, lambda *_: IGNORES or threading.Thread(target=server.shutdown).start())
server.serve_forever()
