import type { Connection } from 'ssh2';

/** SSH_MSG_DISCONNECT and its reason (RFC 4253, sections 11.1 and 12). */
const DISCONNECT = 1;
const TOO_MANY_CONNECTIONS = 12;
const DESCRIPTION = 'Too many connections';

/** What of ssh2's inside it takes to send a packet: its own `disconnect` leaves the description empty. */
interface Protocol {
	_packetRW: {
		write: {
			allocStartKEX: number;
			alloc(size: number, whole: true): Buffer;
			finalize(packet: Buffer, whole: true): Buffer;
		};
	};
	_cipher: { encrypt(packet: Buffer): void };
}

/** Hangs up on a client, and says why. */
export function turnAway(connection: Connection): void {
	const { _packetRW, _cipher } = (connection as unknown as { _protocol: Protocol })._protocol;
	const { write } = _packetRW;
	const size = 1 + 4 + 4 + DESCRIPTION.length + 4;
	const packet = write.alloc(size, true);
	let at = write.allocStartKEX;
	at = packet.writeUInt8(DISCONNECT, at);
	at = packet.writeUInt32BE(TOO_MANY_CONNECTIONS, at);
	at = packet.writeUInt32BE(DESCRIPTION.length, at);
	at += packet.write(DESCRIPTION, at, 'latin1');
	// No language tag.
	packet.writeUInt32BE(0, at);
	_cipher.encrypt(write.finalize(packet, true));
	connection.end();
}
