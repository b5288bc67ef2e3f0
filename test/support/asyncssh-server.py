"""An SFTP server by asyncssh: argv has port, folder, host key, password, and "prompt" for logins by a prompt only."""

import asyncio
import sys

import asyncssh

PORT, ROOT, KEY, PASSWORD, HOW = sys.argv[1:6]


class Server(asyncssh.SSHServer):
    def begin_auth(self, username):
        return True

    def password_auth_supported(self):
        return HOW != "prompt"

    def validate_password(self, username, password):
        return password == PASSWORD

    def kbdint_auth_supported(self):
        return True

    def get_kbdint_challenge(self, username, lang, submethods):
        return "", "", "", [("Password:", False)]

    def validate_kbdint_response(self, username, responses):
        return len(responses) == 1 and responses[0] == PASSWORD


async def main():
    await asyncssh.listen(
        "127.0.0.1",
        int(PORT),
        server_factory=Server,
        server_host_keys=[KEY],
        sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=ROOT),
        rekey_bytes=1 << 20,
    )
    await asyncio.Event().wait()


asyncio.run(main())
