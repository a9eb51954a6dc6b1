package org.voco4j.volume.format.dicom.codec;

/** Bytes of a code stream; numbers are big-endian, and none is read beyond the end. */
final class ByteInput {
    final byte[] bytes;
    final int end;
    int at;

    ByteInput(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    int left() {
        return end - at;
    }

    int u8() throws FrameException {
        require(1);
        return bytes[at++] & 0xff;
    }

    int u16() throws FrameException {
        require(2);
        return u8() << 8 | u8();
    }

    /** Four bytes as a number below 2^31: no count of anything that fits into memory is larger. */
    int u31() throws FrameException {
        require(4);
        int value = u16() << 16 | u16();
        if (value < 0) {
            throw new FrameException("a number below 2^31", Integer.toUnsignedString(value));
        }
        return value;
    }

    /** The next bytes, which are passed over here. */
    ByteInput part(int length) throws FrameException {
        require(length);
        at += length;
        return new ByteInput(bytes, at - length, at);
    }

    private void require(int length) throws FrameException {
        if (length < 0 || length > left()) {
            throw new FrameException(length + " more bytes", left() + " before the end of the code stream or segment");
        }
    }
}
