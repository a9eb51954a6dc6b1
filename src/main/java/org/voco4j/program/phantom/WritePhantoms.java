package org.voco4j.program.phantom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.voco4j.file.AtomicFile;
import org.voco4j.file.FileReason;
import org.voco4j.phantom.Organ;
import org.voco4j.phantom.Torso;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.format.Nifti;
import tools.jackson.databind.json.JsonMapper;

/** Synthetic CTs of torsos as NIfTI files, with their organ labels and a list of both where asked for. */
public final class WritePhantoms {
    private static final int MOST = 100_000;

    private WritePhantoms() {}

    /**
     * A data set that was written.
     *
     * @param images in the order in which they were drawn
     * @param list the Decathlon list of images and label maps; null without label maps
     */
    public record Outcome(List<Path> images, @Nullable Path list) {}

    /** Writes whole torsos: {@link #run(Path, int, double, boolean, long, Consumer)} with a height of 1. */
    public static Outcome run(Path out, int cases, boolean labels, long seed, Consumer<String> said)
            throws IOException {
        return run(out, cases, 1, labels, seed, said);
    }

    /**
     * Writes torsos; the same seed gives the same ones.
     *
     * @param out the folder, made if it is not there; label maps go to {@code labels/} in it
     * @param cases how many
     * @param height the least share of a torso's height that its scan shows ({@link Torso#generate(long, double)})
     * @param labels whether label maps and {@code dataset.json} are written too
     * @param said is told of every torso
     * @throws UsageException if the number makes no sense, or the folder cannot be made
     */
    public static Outcome run(Path out, int cases, double height, boolean labels, long seed, Consumer<String> said)
            throws IOException {
        if (cases < 1 || cases > MOST) {
            throw new UsageException("--cases must be from 1 to " + MOST + ", not " + cases);
        }
        if (!(height > 0 && height <= 1)) {
            throw new UsageException("--height must be above 0 and at most 1, not " + height);
        }
        Path labelFolder = out.resolve("labels");
        try {
            Files.createDirectories(labels ? labelFolder : out);
        } catch (IOException e) {
            throw new UsageException("--out: the folder " + out + " cannot be made (" + FileReason.why(e) + ")", e);
        }
        Random seeds = new Random(seed); // one torso's seed after the other, so that two seeds share no torso
        Nifti nifti = new Nifti();
        List<Path> images = new ArrayList<>();
        for (int i = 1; i <= cases; i++) {
            String name = fileName(i);
            Torso torso = Torso.generate(seeds.nextLong(), height);
            nifti.write(torso.image(), out.resolve(name), Nifti.Stored.INT16);
            if (labels) {
                nifti.write(torso.labels(), labelFolder.resolve(name), Nifti.Stored.UINT8);
            }
            images.add(out.resolve(name));
            said.accept("torso " + i + " of " + cases + ": " + torso.image().shape() + " voxels");
        }
        Path list = labels ? out.resolve("dataset.json") : null;
        if (list != null) {
            writeList(list, cases);
        }
        return new Outcome(images, list);
    }

    private static String fileName(int number) {
        return String.format(Locale.ROOT, "torso_%04d.nii.gz", number);
    }

    /** The list of images and labels in the form of the Medical Segmentation Decathlon. */
    private static void writeList(Path list, int cases) throws IOException {
        Map<String, String> organs = new LinkedHashMap<>();
        organs.put("0", "background");
        for (Organ organ : Organ.values()) {
            organs.put(String.valueOf(organ.label()), organ.name().toLowerCase(Locale.ROOT));
        }
        List<Map<String, String>> training = new ArrayList<>();
        for (int i = 1; i <= cases; i++) {
            Map<String, String> torso = new LinkedHashMap<>();
            torso.put("image", "./" + fileName(i));
            torso.put("label", "./labels/" + fileName(i));
            training.add(torso);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", "phantom");
        document.put("description", "Synthetic CTs of torsos with organ labels");
        document.put("tensorImageSize", "3D");
        document.put("modality", Map.of("0", "CT"));
        document.put("labels", organs);
        document.put("numTraining", cases);
        document.put("numTest", 0);
        document.put("training", training);
        document.put("test", List.of());
        AtomicFile.write(
                list, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n");
    }
}
