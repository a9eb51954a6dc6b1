package org.voco4j.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What to say of a file that the disk does not take: which one, why, how much it is and how much is free. */
public final class WriteFailure {
    private WriteFailure() {}

    /**
     * The failure with its sentence.
     *
     * @param bytes that were to be written, as far as they are known
     * @param reason what the operating system said
     */
    public static IOException of(Path path, long bytes, IOException reason) {
        return new IOException(
                String.format(
                        Locale.ROOT,
                        "%s cannot be written: %s; %,d bytes are needed, %s are free. What was saved before is untouched.",
                        path,
                        FileReason.why(reason),
                        bytes,
                        free(path)),
                reason);
    }

    private static String free(Path path) {
        try {
            Path folder = path.toAbsolutePath().getParent();
            return String.format(
                    Locale.ROOT,
                    "%,d",
                    Files.getFileStore(folder == null ? path : folder).getUsableSpace());
        } catch (IOException unknown) {
            return "an unknown number";
        }
    }
}
