package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.voco4j.file.AtomicFile;
import org.voco4j.file.FileReason;
import org.voco4j.phantom.Organ;
import org.voco4j.phantom.Torso;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.format.Nifti;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code voco phantom}: synthetic CTs of torsos as NIfTI files, with their organ labels and a list of both if asked for. */
@Command(
        name = "phantom",
        description = "Writes synthetic CTs of torsos (NIfTI, Hounsfield units) and their organ labels.",
        footer = {
            "",
            "The same seed gives the same torsos. Labels go to DIR/labels under the same names,",
            "and DIR/dataset.json lists both for fine-tuning."
        })
final class PhantomCommand implements Callable<Integer> {

    private static final int MOST = 100_000;

    @Mixin
    private final Common common = new Common();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to write to.")
    private Path out = Path.of("");

    @Option(names = "--cases", required = true, paramLabel = "N", description = "How many torsos.")
    private int cases;

    @Option(names = "--labels", description = "Write the organ labels as well.")
    private boolean labels;

    @Override
    public Integer call() throws IOException {
        if (cases < 1 || cases > MOST) {
            throw new UsageException("--cases must be from 1 to " + MOST + ", not " + cases);
        }
        OutFolder.require("--out", out, "");
        OutFolder.requireEmpty("--out", out);
        Path labelFolder = out.resolve("labels");
        try {
            Files.createDirectories(labels ? labelFolder : out);
        } catch (IOException e) {
            throw new UsageException("--out: the folder " + out + " cannot be made (" + FileReason.why(e) + ")", e);
        }
        Long given = common.seed();
        long seed = given == null ? 0 : given;
        Terminal terminal = common.terminal();
        Random seeds = new Random(seed); // one torso's seed after the other, so that two seeds share no torso
        Nifti nifti = new Nifti();
        List<String> files = new ArrayList<>();
        for (int i = 1; i <= cases; i++) {
            String name = fileName(i);
            Torso torso = Torso.generate(seeds.nextLong());
            nifti.write(torso.image(), out.resolve(name), Nifti.Stored.INT16);
            if (labels) {
                nifti.write(torso.labels(), labelFolder.resolve(name), Nifti.Stored.UINT8);
            }
            files.add(out.resolve(name).toString());
            terminal.say("torso " + i + " of " + cases + ": " + torso.image().shape() + " voxels");
        }
        Path list = out.resolve("dataset.json");
        if (labels) {
            writeList(list);
        }
        if (terminal.json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("out", out.toString());
            document.put("cases", cases);
            document.put("seed", seed);
            document.put("files", files);
            if (labels) {
                document.put("dataset", list.toString());
            }
            terminal.document(document);
        } else {
            terminal.print(cases + " torsos in " + out);
        }
        return ExitCode.DONE;
    }

    private static String fileName(int number) {
        return String.format(Locale.ROOT, "torso_%04d.nii.gz", number);
    }

    /** The list of images and labels in the form of the Medical Segmentation Decathlon. */
    private void writeList(Path list) throws IOException {
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
