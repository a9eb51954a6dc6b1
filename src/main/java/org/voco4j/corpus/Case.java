package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Path;
import org.voco4j.corpus.cache.DataDigest;

/**
 * One scan of a data set.
 *
 * @param id its name, unique in the data set: the path below the data folder without the format's ending
 * @param images where its channels lie
 * @param patient whose it is; cases of one patient are never on both sides of a split
 */
public record Case(String id, ImageFiles images, String patient) implements Sample {

    /** A scan of one channel. */
    public Case(String id, Path file, String patient) {
        this(id, ImageFiles.of(file), patient);
    }

    /** Where it lies, or its first channel does. */
    public Path file() {
        return images.first();
    }

    @Override
    public String content() throws IOException {
        return DataDigest.content(images.files());
    }
}
