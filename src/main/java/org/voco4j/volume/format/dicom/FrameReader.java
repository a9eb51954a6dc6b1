package org.voco4j.volume.format.dicom;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.VolumeFormatException.Fault;
import org.voco4j.volume.format.dicom.PixelData.Span;
import org.voco4j.volume.format.dicom.codec.FrameCodec;
import org.voco4j.volume.format.dicom.codec.FrameException;
import org.voco4j.volume.format.dicom.codec.FrameShape;

/** Reads frames, one after the other, of one file after the other; for one thread. */
final class FrameReader implements AutoCloseable {
    private @Nullable Path open;
    private @Nullable FileChannel channel;
    private @Nullable ByteSource unpacked;
    private byte[] bytes = new byte[0];

    /**
     * Reads the stored values of a frame, row by row: whole numbers of 16 bits, to be taken without a sign if the frames have
     * none.
     *
     * @param room where they may go
     * @return the values from 0 on: in the room if they fit, else in a new array
     * @throws VolumeFormatException if they are damaged or end early
     */
    short[] read(Slice slice, short[] room) throws IOException {
        Frames frames = slice.frames();
        List<Span> pieces = frames.pieces(slice.frame());
        int length = (int) pieces.stream().mapToLong(Span::length).sum();
        take(frames, pieces, length);
        FrameShape shape = frames.shape();
        FrameCodec codec = frames.codec();
        if (codec == null) {
            short[] samples = shape.room(room);
            copy(frames, samples);
            extract(frames, samples, frames.highBit());
            return samples;
        }
        short[] samples;
        try {
            samples = codec.decode(bytes, 0, length, shape, room);
        } catch (FrameException e) {
            throw damaged(frames, slice.frame(), e.expected(), e.found(), e);
        }
        if (codec == Rle.CODEC) {
            extract(frames, samples, frames.highBit());
        } else if (shape.signed()) { // a decoder keeps the bits of a sample; what lies above them says the sign
            extract(frames, samples, shape.bitsStored() - 1);
        }
        return samples;
    }

    private static VolumeFormatException damaged(
            Frames frames, int frame, String expected, String found, Exception cause) {
        VolumeFormatException damaged = new VolumeFormatException(
                frames.path(),
                Fault.TRUNCATED,
                expected + (frames.count() == 1 ? "" : " in frame " + (frame + 1)),
                found);
        damaged.initCause(cause);
        return damaged;
    }

    private void take(Frames frames, List<Span> pieces, int length) throws IOException {
        Path path = frames.path();
        if (!path.equals(open)) {
            close();
            open = path;
        }
        if (frames.syntax().deflated()) {
            inflate(frames, pieces.get(0));
            return;
        }
        if (bytes.length < length) {
            bytes = new byte[length];
        }
        FileChannel from = channel == null ? FileChannel.open(path) : channel;
        channel = from;
        int at = 0;
        for (Span piece : pieces) {
            ByteBuffer into = ByteBuffer.wrap(bytes, at, (int) piece.length());
            while (into.hasRemaining()) {
                if (from.read(into, piece.to() - into.remaining()) < 0) {
                    throw new VolumeFormatException(
                            path, Fault.TRUNCATED, piece.length() + " bytes of pixels", "the end of the file");
                }
            }
            at += (int) piece.length();
        }
    }

    /** Unpacks on from the frame before; from the start where that lies behind. */
    private void inflate(Frames frames, Span piece) throws IOException {
        try {
            ByteSource from = unpacked;
            if (from == null || from.at() > piece.from()) {
                close();
                open = frames.path();
                from = DicomReader.unpacked(frames.path());
                unpacked = from;
            }
            from.skip(piece.from() - from.at());
            bytes = from.take((int) piece.length()); // which grows with what there is
        } catch (EOFException e) {
            throw damaged(frames, 0, piece.length() + " bytes of pixels", e.getMessage() + "", e);
        }
    }

    /** Bytes as numbers without a sign. */
    private void copy(Frames frames, short[] samples) {
        boolean high = frames.syntax().bigEndian();
        int size = frames.size();
        if (frames.shape().bitsAllocated() == 16) {
            ByteBuffer.wrap(bytes)
                    .order(high ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                    .asShortBuffer()
                    .get(samples, 0, size);
            return;
        }
        int swap = high && frames.pixels().vr() == Vr.OW ? 1 : 0; // bytes in words (PS3.5 section 8.1.1)
        for (int i = 0; i < size; i++) {
            samples[i] = (short) (bytes[(i ^ swap) < size ? i ^ swap : i] & 0xff);
        }
    }

    /** Leaves of each sample the bits that are stored, up to a bit, with their sign if they have one. */
    private static void extract(Frames frames, short[] samples, int highBit) {
        int up = 31 - highBit;
        int down = 32 - frames.shape().bitsStored();
        boolean signed = frames.shape().signed();
        if (up == 16 && down == 16) {
            return;
        }
        for (int i = 0; i < frames.size(); i++) {
            int shifted = samples[i] << up;
            samples[i] = (short) (signed ? shifted >> down : shifted >>> down);
        }
    }

    @Override
    public void close() throws IOException {
        try (FileChannel file = channel;
                ByteSource packed = unpacked) {
            open = null;
            channel = null;
            unpacked = null;
        }
    }
}
