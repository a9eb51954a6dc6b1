package org.voco4j.volume.format;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.voco4j.volume.format.VolumeFormatException.Fault;

/** The bytes of a NIfTI file or pair: plain or gzip, each read as a stream that checks what the header promised. */
final class NiftiFile {
    /** Deflate cannot shrink data further than 1032 : 1. */
    private static final long DEFLATE_LIMIT = 1032;

    /** Up to this ratio memory is taken before the bytes have been counted; real scans lie below 10. */
    private static final long PLAUSIBLE_RATIO = 64;

    private static final int BUFFER = 1 << 16;

    private final Path voxels;
    final NiftiHeader header;

    /** The one file, or both of a pair. */
    final List<Path> files;

    private NiftiFile(Path headerFile, Path voxels, NiftiHeader header) {
        this.voxels = voxels;
        this.header = header;
        this.files = voxels.equals(headerFile) ? List.of(voxels) : List.of(headerFile, voxels);
    }

    /** Takes the slices in stored order; {@code count} of them at a time. */
    interface SlabSink {
        /** Receives slices first … first + count − 1; false to stop. */
        boolean accept(float[] values, int first, int count);
    }

    static NiftiFile open(Path file) throws IOException {
        byte[] bytes;
        Path headerFile = sibling(file, ".img", ".hdr");
        try (InputStream in = stream(headerFile)) {
            bytes = in.readNBytes(NiftiHeader.LENGTH_2);
        } catch (NoSuchFileException e) {
            throw new VolumeFormatException(headerFile, "a file", "none");
        } catch (EOFException | ZipException e) {
            throw new VolumeFormatException(headerFile, "a NIfTI header", "damaged gzip data (" + e.getMessage() + ")");
        }
        NiftiHeader header = NiftiHeader.parse(bytes, headerFile);
        return new NiftiFile(headerFile, header.pair() ? image(headerFile) : headerFile, header);
    }

    private static Path image(Path headerFile) throws IOException {
        Path plain = sibling(headerFile, ".hdr", ".img");
        Path zipped = plain.resolveSibling(plain.getFileName() + ".gz");
        if (Files.isRegularFile(plain) && !plain.equals(headerFile)) {
            return plain;
        }
        if (Files.isRegularFile(zipped)) {
            return zipped;
        }
        throw new VolumeFormatException(headerFile, "its voxels in " + plain.getFileName(), "no such file");
    }

    private static Path sibling(Path file, String from, String to) {
        String name = file.getFileName().toString();
        int at = name.toLowerCase(Locale.ROOT).lastIndexOf(from);
        return at < 0 ? file : file.resolveSibling(name.substring(0, at) + to + name.substring(at + from.length()));
    }

    /** A stream of the content: gzip is recognised by its first two bytes, whatever the file is called. */
    private static InputStream stream(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            in.mark(2);
            boolean zipped = in.read() == 0x1f && in.read() == 0x8b;
            in.reset();
            return zipped ? new GZIPInputStream(in, BUFFER) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Checks that the file holds every voxel that its header promises, without taking memory: a plain file by its
     * length, a gzip file by its length where that is plausible and by counting where it is not.
     */
    void requireVoxels() throws IOException {
        long expected = header.offset() + header.promisedBytes();
        long length = Files.size(voxels);
        boolean zipped;
        try (InputStream in = Files.newInputStream(voxels)) {
            zipped = in.read() == 0x1f && in.read() == 0x8b;
        }
        if (!zipped) {
            if (length < expected) {
                throw tooShort(expected, length);
            }
        } else if (expected > length * DEFLATE_LIMIT + BUFFER) {
            throw new VolumeFormatException(
                    voxels,
                    Fault.TRUNCATED,
                    promise(expected),
                    "a gzip file of " + length + " bytes, which cannot hold that many");
        } else if (expected > length * PLAUSIBLE_RATIO) {
            long found = 0;
            byte[] buffer = new byte[BUFFER];
            try (InputStream in = stream(voxels)) {
                for (int read = 0; read >= 0 && found < expected; read = in.read(buffer)) {
                    found += read;
                }
            } catch (EOFException | ZipException e) {
                throw damaged(expected, found, e);
            }
            if (found < expected) {
                throw tooShort(expected, found);
            }
        }
    }

    /** Decodes a channel, {@code slices} slices at a time, after {@link #requireVoxels}; to the checksum of a gzip file. */
    void decode(int channel, int slices, SlabSink sink) throws IOException {
        decode(channel, header.shape().z(), slices, sink);
    }

    /** Decodes all channels, one after the other, a slice at a time; slices are counted on. */
    void decodeAll(SlabSink sink) throws IOException {
        decode(0, header.shape().z() * header.channels(), 1, sink);
    }

    private void decode(int channel, int depth, int slices, SlabSink sink) throws IOException {
        int slice = header.shape().x() * header.shape().y();
        long bytes = (long) slice * slices * header.type().bytes;
        if (bytes > 1 << 30) {
            throw new VolumeFormatException(voxels, "slices of less than 1 GiB", header.shape() + " voxels");
        }
        byte[] raw = new byte[(int) bytes];
        ByteBuffer buffer = ByteBuffer.wrap(raw).order(header.order());
        float[] values = new float[slice * slices];
        long at = header.offset() + channel * header.shape().voxels() * header.type().bytes;
        long expected = header.offset() + header.promisedBytes();
        long found = 0;
        try (InputStream in = stream(voxels)) {
            found = skip(in, at, raw);
            boolean more = found == at;
            for (int z = 0; more && z < depth; z += slices) {
                int count = Math.min(slices, depth - z);
                int wanted = count * slice * header.type().bytes;
                int read = in.readNBytes(raw, 0, wanted);
                found += read;
                if (read < wanted) {
                    throw tooShort(expected, found);
                }
                header.type().decode(buffer, count * slice, header.slope(), header.intercept(), values);
                more = sink.accept(values, z, count);
                if (!more) {
                    return;
                }
            }
            if (!more) {
                throw tooShort(expected, found);
            }
            for (int read = 0; read >= 0; read = in.read(raw)) { // the checksum of a gzip file comes last
                found += read;
            }
        } catch (EOFException | ZipException e) {
            throw damaged(expected, found, e);
        }
    }

    private static long skip(InputStream in, long bytes, byte[] scratch) throws IOException {
        long done = 0;
        while (done < bytes) {
            int read = in.read(scratch, 0, (int) Math.min(scratch.length, bytes - done));
            if (read < 0) {
                return done;
            }
            done += read;
        }
        return done;
    }

    private String promise(long expected) {
        return expected + " bytes (" + header.shape() + (header.channels() > 1 ? "x" + header.channels() : "") + " "
                + header.type().name().toLowerCase(Locale.ROOT) + ")";
    }

    private VolumeFormatException tooShort(long expected, long found) {
        return new VolumeFormatException(voxels, Fault.TRUNCATED, promise(expected), found + " bytes");
    }

    private VolumeFormatException damaged(long expected, long found, IOException cause) {
        VolumeFormatException damaged = new VolumeFormatException(
                voxels,
                Fault.TRUNCATED,
                promise(expected),
                "damaged gzip data after " + found + " bytes (" + cause.getMessage() + ")");
        damaged.initCause(cause);
        return damaged;
    }
}
