package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.voco4j.corpus.prepare.SameGrid;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.format.VolumeFormat;

/**
 * Where a scan's channels lie: a file each, or all in one 4-D file.
 *
 * @param files one file for each channel, or a single one
 * @param channels how many channels there are, 1 for CT
 */
public record ImageFiles(List<Path> files, int channels) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there are neither as many files as channels nor one file
     */
    public ImageFiles {
        files = List.copyOf(files);
        if (files.isEmpty() || channels < 1 || (files.size() > 1 && files.size() != channels)) {
            throw new IllegalArgumentException(
                    "expected a file for each of " + channels + " channels, or one file, found " + files.size());
        }
    }

    /** A scan of one channel. */
    public static ImageFiles of(Path file) {
        return new ImageFiles(List.of(file), 1);
    }

    /** The file of the first channel, or of all. */
    public Path first() {
        return files.get(0);
    }

    /** How many channels each file has to hold. */
    public int inEachFile() {
        return files.size() == 1 ? channels : 1;
    }

    /**
     * Reads all channels as stored, on the grid of the first.
     *
     * @throws IOException with the file if one cannot be read, a 4-D file holds another number of channels, or a channel
     *     lies on another grid than the first
     */
    public Channels read(VolumeFormat format) throws IOException {
        List<Volume> volumes = new ArrayList<>();
        for (Path file : files) {
            int held = inEachFile();
            int found = held == 1 ? 1 : format.header(file).channels(); // reading one refuses a file with several
            if (held != found) {
                throw new VolumeFormatException(
                        file, "a file with " + held + " channels, as declared", found + " channels");
            }
            for (int c = 0; c < held; c++) {
                Volume channel = held == 1 ? format.read(file) : format.read(file, c);
                try {
                    volumes.add(
                            volumes.isEmpty() ? channel : SameGrid.of(volumes.get(0), channel, "this channel lies"));
                } catch (IllegalArgumentException e) {
                    throw new IOException(file + ": " + e.getMessage(), e);
                }
            }
        }
        return new Channels(volumes);
    }
}
