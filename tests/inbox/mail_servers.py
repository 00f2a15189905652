"""Small real IMAP (RFC 3501) and POP3 (RFC 1939) servers over loopback: enough of each to be a mailbox. Run as a process:
`python mail_servers.py imap|pop3 PORT FOLDER [CERT KEY]`; the folder's files are the mailbox."""

import re
import socketserver
import ssl
import sys
from pathlib import Path


class Line(socketserver.StreamRequestHandler):
    server: "Server"

    def say(self, text: str) -> None:
        self.wfile.write(text.encode("latin-1") + b"\r\n")

    def hear(self) -> str:
        return self.rfile.readline().decode("latin-1").rstrip("\r\n")

    def mails(self) -> dict[int, Path]:
        return {int(path.stem): path for path in sorted(self.server.folder.glob("*.eml"), key=lambda path: int(path.stem))}


class Imap(Line):
    def handle(self) -> None:
        self.say("* OK IMAP4rev1 ready")
        deleted: set[int] = set()
        while line := self.hear():
            tag, _, rest = line.partition(" ")
            command = rest.upper()
            if command.startswith("CAPABILITY"):
                self.say("* CAPABILITY IMAP4rev1")
            elif command.startswith("LOGIN"):
                if '"right"' not in rest and not rest.endswith(" right"):
                    self.say(f"{tag} NO [AUTHENTICATIONFAILED] wrong")
                    continue
            elif command.startswith("SELECT"):
                if "INBOX" not in rest:
                    self.say(f"{tag} NO no such mailbox")
                    continue
                self.say(f"* {len(self.mails())} EXISTS")
                self.say("* OK [UIDVALIDITY 1] UIDs valid")
            elif command.startswith("UID SEARCH"):
                self.say("* SEARCH " + " ".join(str(uid) for uid in self.mails() if uid not in deleted))
            elif found := re.match(r"UID FETCH (\d+) \((RFC822.SIZE|BODY.PEEK\[\])\)", command):
                uid = int(found.group(1))
                content = self.mails()[uid].read_bytes()
                if found.group(2) == "RFC822.SIZE":
                    self.say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(content)})")
                else:
                    self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[] {{{len(content)}}}\r\n".encode() + content + b")\r\n")
            elif found := re.match(r"UID STORE (\d+) \+FLAGS.SILENT \(\\DELETED\)", command):
                deleted.add(int(found.group(1)))
            elif command.startswith("EXPUNGE"):
                for uid in deleted:
                    self.mails()[uid].unlink()
                deleted.clear()
            elif command.startswith("LOGOUT"):
                self.say("* BYE")
                self.say(f"{tag} OK")
                return
            else:
                self.say(f"{tag} BAD")
                continue
            self.say(f"{tag} OK done")


class Pop3(Line):
    def handle(self) -> None:
        self.say("+OK ready")
        numbered = dict(enumerate(self.mails().values(), 1))
        deleted: set[int] = set()
        while line := self.hear():
            word, _, rest = line.partition(" ")
            command = word.upper()
            if command == "PASS" and rest != "right":
                self.say("-ERR wrong")
                continue
            if command == "RETR":
                content = numbered[int(rest)].read_bytes().replace(b"\r\n.", b"\r\n..").removesuffix(b"\r\n")
                self.wfile.write(b"+OK\r\n" + content + b"\r\n.\r\n")
                continue
            if command == "LIST":
                self.say("+OK")
                for number, path in numbered.items():
                    self.say(f"{number} {path.stat().st_size}")
                self.say(".")
                continue
            if command == "DELE":
                deleted.add(int(rest))
            if command == "QUIT":
                for number in deleted:  # before the answer: who has it looks at once
                    numbered[number].unlink()
            self.say("+OK")
            if command == "QUIT":
                return


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    folder: Path


if __name__ == "__main__":
    kind, port, folder, *tls = sys.argv[1:]
    with Server(("127.0.0.1", int(port)), Imap if kind == "imap" else Pop3) as server:
        server.folder = Path(folder)
        if tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*tls)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        server.serve_forever()
