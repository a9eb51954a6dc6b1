package org.voco4j.program.study;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.voco4j.program.fewlabels.Arm;
import org.voco4j.program.fewlabels.FewLabelTrials;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;

/**
 * The configuration of a study, as {@code recipes/study/defaults.yaml} lays it out and explains it: arms, and what they share.
 *
 * <p>Compact constructors refuse what can never work and name the key.
 */
public record StudyRecipe(
        @Nullable String question,
        String data,
        @Nullable String groups,
        Torsos torsos,
        int tested,
        boolean partlyLabelled,
        Pretraining pretrain,
        Finetuning finetune,
        Map<String, ArmKeys> arms,

        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
        List<String> against,

        List<Integer> labels,
        int seeds,
        long seed,
        Sweep sweep,
        Paper paper) {
    /** The kind of recipe. */
    public static final String KIND = "study";

    /** The value of {@code data} that stands for synthetic torsos. */
    static final String TORSOS = "torsos";

    private static final long SWEEP_SEEDS = 1000; // from here on seeds of a sweep, apart from those that are reported

    private static final int WHOLE = 1_000_000; // views, more than any step has

    /** Synthetic torsos. */
    public record Torsos(int training, int unseen, double height, long seed) {

        /** Checks the group. */
        public Torsos {
            require(training >= 1, "torsos.training must be at least 1, not " + training);
            require(unseen >= 2, "torsos.unseen must be at least 2, not " + unseen);
            require(height > 0 && height <= 1, "torsos.height must be above 0 and at most 1, not " + height);
        }
    }

    /** What pre-trainings share. */
    public record Pretraining(
            String recipe,

            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
            List<String> data,

            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
            List<String> set,

            @Nullable Double cpuSeconds) {

        /** Checks the group. */
        public Pretraining {
            require(
                    cpuSeconds == null || (cpuSeconds > 0 && Double.isFinite(cpuSeconds)),
                    "pretrain.cpuSeconds must be above 0, not " + cpuSeconds);
        }
    }

    /** What fine-tunes share. */
    public record Finetuning(
            String recipe,

            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
            List<String> set) {}

    /** What is an arm's own. */
    public record ArmKeys(
            @Nullable String recipe,

            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
            List<String> data,

            @Nullable String after,

            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
            List<String> pretrain,

            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
            List<String> finetune,

            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
            List<String> against) {

        boolean isScratch() {
            return pretrain != null && !pretrain.isEmpty() && pretrain.get(0).equals(Arm.SCRATCH);
        }

        /** The arm's own settings of pre-training, which from scratch are those of the network. */
        List<String> settings() {
            return pretrain == null ? List.of() : pretrain.subList(isScratch() ? 1 : 0, pretrain.size());
        }
    }

    /** How learning rates are chosen. */
    public record Sweep(int seeds, int scans, int labels, List<List<Double>> rates) {

        /** Checks the group. */
        public Sweep {
            require(seeds >= 0, "sweep.seeds must be 0 or more, not " + seeds);
            require(scans >= 1, "sweep.scans must be at least 1, not " + scans);
            require(labels >= 1, "sweep.labels must be at least 1, not " + labels);
            require(
                    !rates.isEmpty() && rates.stream().allMatch(pair -> pair.size() == 2),
                    "sweep.rates must be pairs of optim.lr and optim.encoderRate, not " + rates);
        }

        List<Arm.Rates> pairs() {
            return rates.stream()
                    .map(pair -> new Arm.Rates(pair.get(0), pair.get(1)))
                    .toList();
        }
    }

    /** Published numbers. */
    public record Paper(
            @Nullable String table,

            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
            List<String> columns,

            Map<String, List<Double>> rows) {

        List<String> names() {
            return columns == null ? List.of() : columns;
        }
    }

    /** Checks the whole. */
    public StudyRecipe {
        require(arms.size() >= 2, "arms: a study compares at least two, not " + arms.size());
        require(tested >= 1, "tested must be at least 1, not " + tested);
        require(
                !data.equals(TORSOS) || tested <= torsos.unseen,
                "tested must be at most torsos.unseen, " + torsos.unseen + ", not " + tested);
        require(
                !labels.isEmpty()
                        && labels.stream().allMatch(count -> count >= 1)
                        && new HashSet<>(labels).size() == labels.size(),
                "labels must be different numbers of scans, each at least 1, not " + labels);
        require(seeds >= 1 && seeds < SWEEP_SEEDS, "seeds must lie in 1…999, not " + seeds);
        for (Map.Entry<String, ArmKeys> arm : arms.entrySet()) {
            requireArms("arms." + arm.getKey() + ".against", arm.getValue().against, arms);
            String after = arm.getValue().after;
            if (after != null) {
                String key = "arms." + arm.getKey() + ".after";
                requireArms(key, List.of(after), arms);
                ArmKeys first = Objects.requireNonNull(arms.get(after));
                require(
                        !arm.getValue().isScratch() && !first.isScratch() && first.after == null,
                        key + ": what is pre-trained begins with an arm that is, and that began with none, not "
                                + after);
            }
        }
        requireArms("against", against, arms);
        requireArms("paper.rows", List.copyOf(paper.rows.keySet()), arms);
        for (Map.Entry<String, List<Double>> row : paper.rows.entrySet()) {
            require(
                    row.getValue().size() == paper.names().size(),
                    "paper.rows." + row.getKey() + " must be a number for each of paper.columns, " + paper.names()
                            + ", not " + row.getValue());
        }
    }

    private static void requireArms(String key, @Nullable List<String> names, Map<String, ArmKeys> arms) {
        for (String name : names == null ? List.<String>of() : names) {
            require(arms.containsKey(name), key + " must be among the arms, " + arms.keySet() + ", not " + name);
        }
    }

    /** The largest number of labelled scans. */
    int mostLabels() {
        return Collections.max(labels);
    }

    /** The seeds that are reported. */
    List<Long> reported() {
        return consecutive(seed, seeds);
    }

    /** Those of the sweep; its pre-training has the first. */
    List<Long> swept() {
        return consecutive(seed + SWEEP_SEEDS, sweep.seeds);
    }

    private static List<Long> consecutive(long first, int count) {
        List<Long> seeds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            seeds.add(first + i);
        }
        return seeds;
    }

    /** How many scans nobody trains on. */
    int heldOut() {
        return Math.max(tested, data.equals(TORSOS) ? torsos.unseen : 0) + (sweep.seeds == 0 ? 0 : sweep.scans);
    }

    /** How Dice is counted: on the scans' own grids where arms prepare them in different ways. */
    FewLabelTrials.Scoring scoring() {
        long ways = all().stream()
                .map(arm -> arm.recipe().data().preprocessing())
                .distinct()
                .count();
        return new FewLabelTrials.Scoring(partlyLabelled, ways > 1);
    }

    /** The recipe for pre-training, and settings after the shared ones. */
    RecipeTree pretraining(@Nullable String recipe, List<String> settings) {
        RecipeTree tree = RecipeTree.load(
                        "pretrain", recipe == null ? pretrain.recipe : recipe, settings(pretrain.set, settings))
                .with(List.of("loader.workers=0")); // one thread each
        boolean whole = tree.bind(PretrainRecipe.class).batch().chunk() == null;
        return whole ? tree.with(List.of("batch.chunk=" + WHOLE)) : tree; // what runs beside it must not decide
    }

    /** The recipe for fine-tuning the network of another one, and settings after the shared ones. */
    RecipeTree finetuning(RecipeTree pretraining, List<String> settings) {
        return RecipeTree.load("finetune", finetune.recipe, List.of())
                .taking(pretraining, "model")
                .with(settings(finetune.set, settings))
                .with(List.of("loader.workers=0"));
    }

    private static List<String> settings(@Nullable List<String> shared, List<String> own) {
        List<String> all = new ArrayList<>(shared == null ? List.of() : shared);
        all.addAll(own);
        return all;
    }

    /**
     * All arms in their order; after them, with {@code pretrain.cpuSeconds}, those that are pre-trained once more for so long, but for
     * those that begin with another arm's weights, which have its time beside their own.
     *
     * @throws org.voco4j.recipe.UsageException if a recipe, a key or a value is not known
     */
    List<StudyArm> all() {
        List<StudyArm> all = new ArrayList<>();
        arms.forEach((name, keys) -> all.add(arm(name, keys)));
        if (pretrain.cpuSeconds != null) {
            List<StudyArm> counted = all.stream()
                    .filter(arm -> arm.isPretrained() && arm.after() == null)
                    .toList();
            Set<String> names = counted.stream().map(StudyArm::name).collect(Collectors.toSet());
            counted.forEach(arm -> all.add(arm.timed(pretrain.cpuSeconds, names)));
        }
        return all;
    }

    private StudyArm arm(String name, ArmKeys keys) {
        RecipeTree pretraining = pretraining(keys.recipe, keys.settings());
        RecipeTree finetuning = finetuning(pretraining, keys.finetune == null ? List.of() : keys.finetune);
        finetuning.bind(FinetuneRecipe.class);
        String after = keys.after;
        return new StudyArm(
                name,
                null,
                keys.isScratch() ? null : pretraining,
                pretrainedOn(keys),
                after == null ? null : arm(after, Objects.requireNonNull(arms.get(after))),
                finetuning,
                references(name, keys));
    }

    /** What an arm is pre-trained on: the images of {@code data} where empty. */
    private List<String> pretrainedOn(ArmKeys keys) {
        List<String> own = keys.data == null ? pretrain.data : keys.data;
        return own == null || own.equals(List.of(data)) ? List.of() : own;
    }

    /** The arms that one is compared with; of those that all are compared with, each with those before it. */
    private List<String> references(String name, ArmKeys keys) {
        if (keys.against != null) {
            return keys.against.stream().filter(other -> !other.equals(name)).toList();
        }
        List<String> shared = against == null ? List.of(arms.keySet().iterator().next()) : against;
        int own = shared.indexOf(name);
        return own < 0 ? shared : shared.subList(0, own);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
