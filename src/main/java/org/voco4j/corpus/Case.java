package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Path;

/**
 * One scan of a data set.
 *
 * @param id its name, unique in the data set: the path below the data folder without the format's ending
 * @param file where it lies
 * @param patient whose it is; cases of one patient are never on both sides of a split
 */
public record Case(String id, Path file, String patient) implements Sample {
    @Override
    public String content() throws IOException {
        return DataDigest.content(file);
    }
}
