package org.voco4j.volume.format.dicom;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/** Bytes one after the other, that know where they are and how many there can be. */
final class ByteSource implements AutoCloseable {
    /** Deflate cannot shrink data further than 1032 : 1. */
    private static final long DEFLATE_LIMIT = 1032;

    private static final int BUFFER = 1 << 13;

    private final InputStream in;
    private final long end;
    private boolean bigEndian;
    private long at;

    private ByteSource(InputStream in, long at, long end, boolean bigEndian) {
        this.in = in;
        this.at = at;
        this.end = end;
        this.bigEndian = bigEndian;
    }

    /** A file from its first byte on. */
    static ByteSource of(InputStream file, long length) {
        return new ByteSource(new BufferedInputStream(file, BUFFER), 0, length, false);
    }

    /** A value in memory. */
    static ByteSource of(byte[] value, boolean bigEndian) {
        return new ByteSource(new ByteArrayInputStream(value), 0, value.length, bigEndian);
    }

    /** Reads on with high bytes first, or not. */
    ByteSource order(boolean high) {
        bigEndian = high;
        return this;
    }

    /** What the rest of it unpacks to, counted from 0 (PS3.5 annex A.5). */
    ByteSource inflated() {
        InputStream plain = new InflaterInputStream(in, new Inflater(true), BUFFER) {
            @Override
            public void close() throws IOException {
                inf.end();
                super.close();
            }
        };
        return new ByteSource(new BufferedInputStream(plain, BUFFER), 0, (end - at) * DEFLATE_LIMIT + BUFFER, false);
    }

    /** How many bytes have been read or left out. */
    long at() {
        return at;
    }

    /** How many bytes may follow at most; exactly that many unless it is unpacked. */
    long remaining() {
        return end - at;
    }

    /** The next bytes without taking them; fewer at the end. */
    byte[] peek(int count) throws IOException {
        in.mark(count);
        byte[] bytes = in.readNBytes(count);
        in.reset();
        return bytes;
    }

    /** The next bytes; memory grows with what there is. */
    byte[] take(int count) throws IOException {
        byte[] bytes;
        try {
            bytes = count <= remaining() ? in.readNBytes(count) : new byte[0];
        } catch (ZipException e) {
            throw new EOFException("damaged deflated data: " + e.getMessage());
        }
        at += bytes.length;
        if (bytes.length < count) {
            throw new EOFException("the end of the file after " + at + " bytes");
        }
        return bytes;
    }

    /** Leaves bytes out. */
    void skip(long count) throws IOException {
        if (count > remaining()) {
            throw new EOFException("the end of the file after " + end + " bytes");
        }
        try {
            in.skipNBytes(count);
        } catch (ZipException e) {
            throw new EOFException("damaged deflated data: " + e.getMessage());
        }
        at += count;
    }

    /** The next two bytes as a number from 0 on. */
    int u16() throws IOException {
        byte[] b = take(2);
        return bigEndian ? ((b[0] & 0xff) << 8) | (b[1] & 0xff) : ((b[1] & 0xff) << 8) | (b[0] & 0xff);
    }

    /** The next four bytes; −1 is what DICOM calls an undefined length. */
    int i32() throws IOException {
        int first = u16();
        int second = u16();
        return bigEndian ? (first << 16) | second : (second << 16) | first;
    }

    /** A tag: the group, then the element. */
    int tag() throws IOException {
        int group = u16();
        return (group << 16) | u16();
    }

    /** Whether high bytes come first. */
    boolean isBigEndian() {
        return bigEndian;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
