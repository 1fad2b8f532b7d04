/** Grows as needed and is used over and over. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(4096);
  #at = 0;
  reset(): void {
    this.#at = 0;
  }
  written(): Uint8Array {
    return this.#buffer.subarray(0, this.#at);
  }
  byte(value: number): void {
    this.#room(1);
    this.#buffer[this.#at++] = value;
  }
  int32(value: number): void {
    this.#room(4);
    this.#at = this.#buffer.writeInt32BE(value, this.#at);
  }
  int64(value: number | bigint): void {
    this.#room(8);
    if (typeof value === 'bigint') this.#at = this.#buffer.writeBigInt64BE(value, this.#at);
    else {
      const high = Math.floor(value / 4294967296);
      this.#buffer.writeInt32BE(high, this.#at);
      this.#at = this.#buffer.writeUInt32BE(value - high * 4294967296, this.#at + 4);
    }
  }
  float64(value: number): void {
    this.#room(8);
    if (Number.isNaN(value)) this.#at = this.#buffer.writeBigUInt64BE(0x7ff8000000000000n, this.#at);
    else this.#at = this.#buffer.writeDoubleBE(value === 0 ? 0 : value, this.#at);
  }
  decimal(value: bigint, scale: number): void {
    let [digits, point] = [value, scale];
    while (point > 0 && digits % 10n === 0n) [digits, point] = [digits / 10n, point - 1];
    this.byte(point);
    this.byte(digits < 0n ? 1 : 0);
    this.#room(16);
    const size = digits < 0n ? -digits : digits;
    this.#at = this.#buffer.writeBigUInt64BE(size >> 64n, this.#at);
    this.#at = this.#buffer.writeBigUInt64BE(size & 0xffffffffffffffffn, this.#at);
  }
  text(value: string): void {
    this.#room(4 + value.length * 3);
    const size = this.#buffer.write(value, this.#at + 4, 'utf8');
    this.#buffer.writeUInt32BE(size, this.#at);
    this.#at += 4 + size;
  }
  bytes(value: Uint8Array): void {
    this.#room(4 + value.length);
    this.#buffer.writeUInt32BE(value.length, this.#at);
    this.#buffer.set(value, this.#at + 4);
    this.#at += 4 + value.length;
  }
  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}
