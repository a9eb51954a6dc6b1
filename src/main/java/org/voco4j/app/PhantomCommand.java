package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.voco4j.phantom.Torso;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.format.Nifti;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco phantom}: synthetic CTs of torsos as NIfTI files, with their organ labels if asked for. */
@Command(
        name = "phantom",
        description = "Writes synthetic CTs of torsos (NIfTI, Hounsfield units) and their organ labels.",
        footer = {"", "The same seed gives the same torsos. Labels go to DIR/labels under the same names."})
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
        Path labelFolder = out.resolve("labels");
        try {
            Files.createDirectories(labels ? labelFolder : out);
        } catch (IOException e) {
            throw new UsageException("--out: the folder " + out + " cannot be made (" + e.getMessage() + ")", e);
        }
        Long given = common.seed();
        long seed = given == null ? 0 : given;
        Terminal terminal = common.terminal();
        Random seeds = new Random(seed); // one torso's seed after the other, so that two seeds share no torso
        Nifti nifti = new Nifti();
        List<String> files = new ArrayList<>();
        for (int i = 1; i <= cases; i++) {
            String name = String.format("torso_%04d.nii.gz", i);
            Torso torso = Torso.generate(seeds.nextLong());
            nifti.write(torso.image(), out.resolve(name), Nifti.Stored.INT16);
            if (labels) {
                nifti.write(torso.labels(), labelFolder.resolve(name), Nifti.Stored.UINT8);
            }
            files.add(out.resolve(name).toString());
            terminal.say("torso " + i + " of " + cases + ": " + torso.image().shape() + " voxels");
        }
        if (terminal.json()) {
            terminal.document(Map.of("out", out.toString(), "cases", cases, "seed", seed, "files", files));
        } else {
            terminal.print(cases + " torsos in " + out);
        }
        return ExitCode.DONE;
    }
}
