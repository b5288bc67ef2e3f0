import { crc32, deflateRawSync } from 'node:zlib';

/** One page of text. Its table of contents says where each object begins, to the byte. */
export function pdf(lines: string[]): Buffer {
	const text = `BT /F1 24 Tf 72 720 Td 32 TL ${lines.map((line) => `(${line}) Tj T*`).join(' ')} ET`;
	const objects = [
		'<< /Type /Catalog /Pages 2 0 R >>',
		'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
		'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
		`<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
		'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
	];
	let body = '%PDF-1.4\n';
	const offsets = objects.map((object, index) => {
		const offset = body.length;
		body += `${index + 1} 0 obj\n${object}\nendobj\n`;
		return `${String(offset).padStart(10, '0')} 00000 n \n`;
	});
	const size = objects.length + 1;
	const table = `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}`;
	return Buffer.from(`${body}${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`);
}

/** An archive of one deflated file. */
export function zip(name: string, content: Buffer): Buffer {
	const packed = deflateRawSync(content);
	const common = Buffer.alloc(26);
	common.writeUInt16LE(20, 0); // version needed
	common.writeUInt16LE(8, 4); // deflate
	common.writeUInt16LE(0x5a21, 8); // 2025-01-01
	common.writeUInt32LE(crc32(content), 10);
	common.writeUInt32LE(packed.length, 14);
	common.writeUInt32LE(content.length, 18);
	common.writeUInt16LE(name.length, 22);

	const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
	const entry = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, Buffer.alloc(14), Buffer.from(name)]);
	const end = Buffer.alloc(22);
	end.write('PK\x05\x06');
	end.writeUInt16LE(1, 8);
	end.writeUInt16LE(1, 10);
	end.writeUInt32LE(entry.length, 12);
	end.writeUInt32LE(local.length, 16);
	return Buffer.concat([local, entry, end]);
}
