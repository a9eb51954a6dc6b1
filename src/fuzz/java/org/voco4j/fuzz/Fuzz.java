package org.voco4j.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.voco4j.engine.store.WeightFile;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat;
import org.voco4j.volume.format.dicom.codec.FrameCodec;
import org.voco4j.volume.format.dicom.codec.FrameCodecs;
import org.voco4j.volume.format.dicom.codec.FrameException;
import org.voco4j.volume.format.dicom.codec.FrameShape;

/**
 * What Jazzer calls with bytes that it makes: one reader has to answer, or to refuse in one sentence. Everything else it may
 * throw, more than five seconds and more memory than there is are findings. CONTRIBUTING.md has the command.
 */
public final class Fuzz {
    private static final VolumeFormat VOLUMES = Formats.any(2);
    private static final FrameShape[] SHAPES = {
        new FrameShape(38, 53, 1, 16, 16, false), new FrameShape(38, 53, 3, 16, 16, true)
    };

    private static String ending = "";
    private static Path folder = Path.of("");
    private static long runs;

    private Fuzz() {}

    /** Chooses the reader: the ending of its files, or jpeg, jls or j2k for a codec of frames. */
    public static void fuzzerInitialize(String[] args) throws IOException {
        ending = args[0];
        folder = Files.createTempDirectory("fuzz");
        folder.toFile().deleteOnExit();
    }

    /** Reads the bytes as a file, or as a frame. */
    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        switch (ending) {
            case "jpeg" -> frames("50", bytes);
            case "jls" -> frames("80", bytes);
            case "j2k" -> frames("90", bytes);
            default -> {
                // names of their own, for headers are kept while size and time of a file stay as they are
                Path file = Files.write(folder.resolve(runs++ + "." + ending), bytes);
                try {
                    read(file);
                } finally {
                    Files.delete(file);
                }
            }
        }
    }

    private static void read(Path file) throws IOException {
        try {
            if (ending.equals("pt")) {
                try (WeightFile weights = WeightFile.open(file)) {
                    weights.content();
                    weights.tensors();
                    return;
                }
            }
            VOLUMES.read(file);
        } catch (VolumeFormatException e) {
            requireSentence(e, ": expected ");
        } catch (IOException e) {
            if (!ending.equals("pt")) {
                throw e;
            }
            requireSentence(e, file.getFileName().toString());
        }
    }

    private static void frames(String syntax, byte[] bytes) throws IOException {
        FrameCodec codec = Objects.requireNonNull(FrameCodecs.of("1.2.840.10008.1.2.4." + syntax));
        for (FrameShape shape : SHAPES) {
            try {
                codec.decode(bytes, 0, bytes.length, shape, new short[0]);
            } catch (FrameException e) {
                requireSentence(e, "expected ");
            }
        }
    }

    private static void requireSentence(IOException e, String word) {
        String message = e.getMessage();
        if (message == null || !message.contains(word) || message.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalStateException("no sentence: " + message, e);
        }
    }
}
