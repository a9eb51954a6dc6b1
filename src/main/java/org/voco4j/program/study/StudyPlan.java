package org.voco4j.program.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.cache.DataDigest;
import org.voco4j.file.AtomicFile;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunJson;
import org.voco4j.run.Usage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code plan.json}: what each way of training takes. A few steps of it tell what a study will take; how many steps a time allows
 * ({@code pretrain.cpuSeconds}) is told by whole pre-trainings, and once told never again, since what is trained depends on it.
 */
final class StudyPlan {
    private static final String FILE = "plan.json";

    /**
     * What training takes on one thread.
     *
     * @param what is trained, for people
     * @param around CPU seconds beside the steps: getting ready, looking once; of a fine-tune, measuring one scan
     * @param step CPU seconds of a step
     * @param bytes of memory that it adds to the process, at most
     */
    record Cost(String what, double around, double step, long bytes) {}

    private final Path file;
    private final Map<String, Cost> costs = new ConcurrentSkipListMap<>(); // runs add to it while others go on

    private StudyPlan(Path file) {
        this.file = file;
    }

    /** The plan of a folder; empty where there is none. */
    static StudyPlan open(Path folder) throws IOException {
        StudyPlan plan = new StudyPlan(folder.resolve(FILE));
        if (Files.exists(plan.file)) {
            for (Map.Entry<String, JsonNode> entry : RunJson.read(plan.file).properties()) {
                JsonNode cost = entry.getValue();
                plan.costs.put(
                        entry.getKey(),
                        new Cost(
                                cost.path("what").asString(""),
                                cost.path("aroundCpuSeconds").asDouble(),
                                cost.path("stepCpuSeconds").asDouble(),
                                cost.path("bytes").asLong()));
            }
        }
        return plan;
    }

    /** What the pre-training of an arm takes; null before it was tried. */
    @Nullable
    Cost pretraining(StudyArm arm) {
        return costs.get(pretrainingKey(arm));
    }

    /** What a fine-tune of an arm takes; null before it was tried. */
    @Nullable
    Cost finetuning(StudyArm arm) {
        return costs.get(finetuningKey(arm));
    }

    /** Keeps what a trial told. */
    void addPretraining(StudyArm arm, Cost cost) throws IOException {
        add(Map.of(pretrainingKey(arm), cost));
    }

    /** Keeps what a trial told. */
    void addFinetuning(StudyArm arm, Cost cost) throws IOException {
        add(Map.of(finetuningKey(arm), cost));
    }

    /** Takes over what another plan knows and this one does not. */
    void add(StudyPlan other) throws IOException {
        add(other.costs);
    }

    private synchronized void add(Map<String, Cost> more) throws IOException {
        more.forEach(costs::putIfAbsent);
        ObjectNode document = JsonMapper.shared().createObjectNode();
        costs.forEach((key, cost) -> {
            ObjectNode one = document.putObject(key);
            one.put("what", cost.what);
            RunJson.put(one, "aroundCpuSeconds", cost.around);
            RunJson.put(one, "stepCpuSeconds", cost.step);
            one.put("bytes", cost.bytes);
        });
        AtomicFile.write(file, document.toPrettyString() + "\n");
    }

    /** The most memory that one run of those adds to the process. */
    long bytes(Collection<StudyArm> arms) {
        long most = 0;
        for (StudyArm arm : arms) {
            Cost pretraining = pretraining(arm);
            Cost finetuning = finetuning(arm);
            most = Math.max(most, pretraining == null ? 0 : pretraining.bytes);
            most = Math.max(most, finetuning == null ? 0 : finetuning.bytes);
        }
        return most;
    }

    /** Keeps what a step of a whole pre-training took on the mean. */
    void addRun(Path place, String what, double step) throws IOException {
        add(Map.of(runKey(place), new Cost(what, 0, step, 0)));
    }

    /**
     * Decides how many steps a second of CPU time is for an arm: by the median of pre-trainings that differ from its own in nothing but seed and
     * length; by the trial where none of them was counted.
     */
    void settle(StudyArm arm, List<Path> runs) throws IOException {
        List<Double> steps = new ArrayList<>();
        for (Path run : runs) {
            Cost cost = costs.get(runKey(run));
            if (cost != null) {
                steps.add(cost.step);
            }
        }
        Cost trial = pretraining(arm);
        if (steps.isEmpty() && trial != null) {
            steps.add(trial.step);
        }
        add(Map.of(settledKey(arm), new Cost("steps of " + arm.name(), 0, Usage.median(steps), 0)));
    }

    /** The steps of an arm's pre-training: its recipe's, or as many as its time holds; 0 from scratch, and before that is settled. */
    int steps(StudyArm arm) {
        return steps(arm, costs.get(settledKey(arm)));
    }

    /** The same as a trial tells, where it is not settled yet. */
    int predictedSteps(StudyArm arm) {
        int settled = steps(arm);
        return settled == 0 ? steps(arm, pretraining(arm)) : settled;
    }

    private static int steps(StudyArm arm, @Nullable Cost cost) {
        PretrainRecipe recipe = arm.pretrainRecipe();
        if (recipe == null) {
            return 0;
        }
        if (arm.cpuSeconds() == null) {
            return recipe.steps();
        }
        return cost == null ? 0 : (int) Math.max(1, Math.min(Integer.MAX_VALUE, arm.cpuSeconds() / cost.step));
    }

    private static String runKey(Path place) {
        return "run-" + place.getFileName();
    }

    private static String settledKey(StudyArm arm) {
        return digest("settled", arm.pretrainingKey());
    }

    private static String pretrainingKey(StudyArm arm) {
        return digest("pretrain", arm.pretrainingKey());
    }

    private static String finetuningKey(StudyArm arm) {
        return digest(
                "finetune",
                RunFolder.configuration(
                        arm.finetuning(),
                        key -> !key.equals("seed") && !key.equals("steps") && !key.startsWith("optim.")));
    }

    private static String digest(String kind, String configuration) {
        DataDigest digest = new DataDigest();
        digest.word(configuration);
        return kind + "-" + digest.hex().substring(0, 16);
    }
}
