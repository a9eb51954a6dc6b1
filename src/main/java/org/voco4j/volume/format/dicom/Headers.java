package org.voco4j.volume.format.dicom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads image files up to their pixels, and keeps what they said while they stay as they are: a series is looked at several
 * times before its voxels are read.
 */
public final class Headers {
    private static final int MOST = 1 << 14; // files, at some hundred bytes each

    private record Kept(long size, FileTime changed, Image image) {}

    private final Map<Path, Kept> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Kept> eldest) {
            return size() > MOST;
        }
    };

    /**
     * What an image file says.
     *
     * @throws IOException as {@link DicomFile#read} and {@link Image#of}
     */
    Image of(Path file) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        Path key = file.toAbsolutePath().normalize();
        @Nullable Kept before;
        synchronized (kept) {
            before = kept.get(key);
        }
        if (before != null && before.size == now.size() && before.changed.equals(now.lastModifiedTime())) {
            return before.image;
        }
        Image image = Image.of(DicomFile.read(file));
        synchronized (kept) {
            kept.put(key, new Kept(now.size(), now.lastModifiedTime(), image));
        }
        return image;
    }
}
