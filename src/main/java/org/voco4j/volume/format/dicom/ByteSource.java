package org.voco4j.volume.format.dicom;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Bytes one after the other, that know where they are and how many there can be. */
final class ByteSource implements AutoCloseable {
    /** Deflate cannot shrink data further than 1032 : 1. */
    private static final long DEFLATE_LIMIT = 1032;

    private static final int BUFFER = 1 << 13;

    private final InputStream in;
    private final byte @Nullable [] memory;
    private final int base; // where it begins in memory
    private final long end;
    private boolean bigEndian;
    private long at;

    private ByteSource(InputStream in, long end) {
        this.in = in;
        this.end = end;
        memory = null;
        base = 0;
    }

    private ByteSource(byte[] memory, int base, int length, boolean bigEndian) {
        this.in = new ByteArrayInputStream(memory, base, length);
        this.end = length;
        this.bigEndian = bigEndian;
        this.memory = memory;
        this.base = base;
    }

    /** A file from its first byte on. */
    static ByteSource of(InputStream file, long length) {
        return new ByteSource(new BufferedInputStream(file, BUFFER), length);
    }

    /** The next bytes as a source of their own, in memory: however often parts are taken of parts, that is taken once. */
    ByteSource part(int count) throws IOException {
        byte[] whole = memory;
        if (whole == null) {
            return new ByteSource(take(count), 0, count, bigEndian);
        }
        int from = base + (int) at;
        skip(count);
        return new ByteSource(whole, from, count, bigEndian);
    }

    /** All of a part. */
    byte[] all() {
        byte[] whole = memory;
        return whole == null ? new byte[0] : Arrays.copyOfRange(whole, base, base + (int) end);
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
        return new ByteSource(new BufferedInputStream(plain, BUFFER), (end - at) * DEFLATE_LIMIT + BUFFER);
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
        try {
            byte[] bytes = in.readNBytes(count);
            in.reset();
            return bytes;
        } catch (ZipException e) {
            throw damaged(e);
        }
    }

    /** The next bytes; memory grows with what there is. */
    byte[] take(int count) throws IOException {
        byte[] bytes;
        try {
            bytes = count <= remaining() ? in.readNBytes(count) : new byte[0];
        } catch (ZipException e) {
            throw damaged(e);
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
            throw damaged(e);
        }
        at += count;
    }

    private static EOFException damaged(ZipException e) {
        return new EOFException("damaged deflated data: " + e.getMessage());
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
