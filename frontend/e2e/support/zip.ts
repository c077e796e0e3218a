/** An archive (zip) of one file, stored as it is. */
export function zipped(name: string, text: string): Buffer {
  const data = Buffer.from(text);
  const called = Buffer.from(name);
  // Version, flags, method, time, date, sum, sizes, length of the name, of what comes after it.
  const told = Buffer.alloc(26);
  told.writeUInt16LE(20, 0);
  told.writeUInt32LE(crc32(data), 10);
  told.writeUInt32LE(data.length, 14);
  told.writeUInt32LE(data.length, 18);
  told.writeUInt16LE(called.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), told, called, data]);
  const listed = Buffer.concat([Buffer.from("PK\x01\x02\x14\0"), told, Buffer.alloc(14), called]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, listed, end]);
}

function crc32(data: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of data) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
