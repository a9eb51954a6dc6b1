package org.voco4j.engine.store;

/**
 * A range of bytes of a file that holds a storage.
 *
 * @param from the position of its first byte
 * @param bytes its length
 * @param crc the CRC-32 that the file says it has, or {@link #UNKNOWN}
 */
record ByteRange(long from, long bytes, long crc) {
    static final long UNKNOWN = -1;
}
