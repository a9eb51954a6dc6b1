package org.voco4j.program.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.voco4j.downstream.model.ModelFile;
import org.voco4j.file.AtomicFile;
import org.voco4j.program.fewlabels.FewLabelTrials;
import org.voco4j.program.fewlabels.FewLabelsFile;
import org.voco4j.program.fewlabels.FewLabelsResult;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;

/** Takes over what another folder of a study has done: results, finished pre-trainings and what trials told. */
final class StudyMerge {
    /** What is needed of a pre-training that ended; its record comes last, since with it the pre-training is there. */
    private static final List<String> FILES = List.of("config.yaml", ModelFile.NAME, Pretrainings.RECORD);

    private StudyMerge() {}

    /**
     * Takes it over; what is here already stays.
     *
     * @throws UsageException if it is no folder of a study
     */
    static void take(Path from, Path into, StudyPlan plan, RunLog log) throws IOException {
        Path results = from.resolve(FewLabelTrials.RESULTS);
        Path pretrained = from.resolve(Pretrainings.FOLDER);
        if (!Files.exists(results) && !Files.isDirectory(pretrained)) {
            throw new UsageException("--merge: " + from + " has neither " + FewLabelTrials.RESULTS + " nor "
                    + Pretrainings.FOLDER + "/: it is no folder of a part of a study");
        }
        plan.add(StudyPlan.open(from));
        int runs = 0;
        if (Files.isDirectory(pretrained)) {
            for (Path run : folders(pretrained)) {
                runs += copy(run, into.resolve(Pretrainings.FOLDER).resolve(run.getFileName())) ? 1 : 0;
            }
        }
        int fineTunes = 0;
        try (FewLabelsFile file = FewLabelsFile.open(into.resolve(FewLabelTrials.RESULTS))) {
            for (FewLabelsResult result : FewLabelsFile.read(results).values()) {
                if (file.find(result.identity()) == null) {
                    file.append(result);
                    fineTunes++;
                }
            }
        }
        try (Stream<Path> all = Files.list(from)) {
            for (Path picture : all.filter(file -> file.toString().endsWith(FewLabelTrials.PICTURE))
                    .sorted()
                    .toList()) {
                Path own = into.resolve(picture.getFileName());
                if (!Files.exists(own)) {
                    AtomicFile.write(own, out -> Files.copy(picture, out));
                }
            }
        }
        log.say("From " + from + ": " + runs + " pre-trainings and " + fineTunes + " fine-tunes.");
    }

    private static List<Path> folders(Path parent) throws IOException {
        try (Stream<Path> all = Files.list(parent)) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    /** Copies a pre-training that ended, unless it is here; whether it was copied. */
    private static boolean copy(Path run, Path into) throws IOException {
        if (!Pretrainings.hasEnded(run) || Pretrainings.hasEnded(into)) {
            return false;
        }
        Files.createDirectories(into);
        for (String name : FILES) {
            Path file = run.resolve(name);
            if (Files.exists(file)) {
                AtomicFile.write(into.resolve(name), out -> Files.copy(file, out));
            }
        }
        return true;
    }
}
