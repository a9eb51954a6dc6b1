package org.voco4j.pretext.c2l;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.voco4j.Tensors;
import org.voco4j.augment.Draws;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.LikelyCause;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.NoiseBatch;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Verdict;
import org.voco4j.pretext.part.SupervisedContrast;
import org.voco4j.pretext.part.pair.KeyLoss;
import org.voco4j.pretext.part.pair.KeyQueue;
import org.voco4j.pretext.part.pair.Mixing;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;

/** C2L's losses, queue and mixtures as the authors' code makes them, and what its steps move. */
class C2lTest {
    private static final double TOLERANCE = 1e-9;

    private static PretrainRecipe recipe(String... settings) {
        List<String> all = new ArrayList<>(List.of("pretext.task=c2l", "model.channels=[4, 8]", "crop.size=8"));
        all.addAll(List.of(settings));
        return RecipeTree.load("pretrain", null, all).bind(PretrainRecipe.class);
    }

    private static PretextTask task(String... settings) {
        PretrainRecipe recipe = recipe(settings);
        return recipe.pretext().chosen().task(recipe.setup(Device.CPU));
    }

    private static C2lSettings settings(String... settings) {
        return (C2lSettings) recipe(settings).pretext().chosen().settings();
    }

    @ParameterizedTest
    @EnumSource(KeyLoss.class)
    void lossesQueueAndGradientsAreTheReferences(KeyLoss loss) throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("c2l");
            String name = loss.name().toLowerCase(Locale.ROOT) + ".";
            Tensor k = expected.tensor(name + "k");
            Tensor mixedK = expected.tensor(name + "mixed_k");
            Mixing mixing = new Mixing(expected.tensor(name + "lambda").item(), expected.ints(name + "index"));
            Tensor target = mixing.of(k);
            Tensors.assertClose(target, expected.doubles(name + "mixed_target_k"), TOLERANCE, "mixed features");
            Tensor q = expected.tensor(name + "q").requireGradient(true);
            Tensor mixedQ = expected.tensor(name + "mixed_q").requireGradient(true);
            KeyQueue queue = new KeyQueue(expected.tensor(name + "queue_before").copy());
            Tensor norm = Tensor.zeros(DType.F64, 1);
            C2lSettings settings = settings("pretext.loss=" + loss, "pretext.temperature=0.07");
            List<Tensor> losses =
                    C2l.losses(settings, queue, norm, List.of(q, mixedQ, mixedQ), List.of(k, mixedK, target));
            double[] each = expected.doubles(name + "losses");
            for (int i = 0; i < 3; i++) {
                assertThat(losses.get(i).item()).isCloseTo(each[i], within(1e-8));
            }
            Tensor total = C2l.total(losses);
            assertThat(total.item()).isCloseTo(expected.tensor(name + "loss").item(), within(1e-8));
            Tensors.assertClose(
                    Objects.requireNonNull(queue.state().get("keys")),
                    expected.doubles(name + "queue_after"),
                    TOLERANCE,
                    "queue");
            assertThat(Objects.requireNonNull(queue.state().get("next")).item()).isEqualTo(12);
            if (loss == KeyLoss.NCE) {
                assertThat(norm.item()).isEqualTo(expected.tensor(name + "Z").item());
            } else {
                assertThat(norm.item()).isZero();
            }
            total.backward();
            Tensors.assertClose(
                    Objects.requireNonNull(q.gradient()), expected.doubles(name + "grad_q"), TOLERANCE, "q");
            Tensors.assertClose(
                    Objects.requireNonNull(mixedQ.gradient()),
                    expected.doubles(name + "grad_mixed_q"),
                    TOLERANCE,
                    "q̃");
        }
    }

    @ParameterizedTest
    @EnumSource(KeyLoss.class)
    void scoresAreTheReferences(KeyLoss loss) throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("c2l");
            String name = loss.name().toLowerCase(Locale.ROOT) + ".";
            KeyQueue queue = new KeyQueue(expected.tensor(name + "queue_before").copy());
            List<String> queries = List.of("q", "mixed_q", "mixed_q");
            List<String> keys = List.of("k", "mixed_k", "mixed_target_k");
            double norm = expected.tensor(name + "Z").item();
            for (int i = 0; i < 3; i++) {
                Tensor own = SupervisedContrast.unit(expected.tensor(name + keys.get(i)));
                Tensor scores = queue.scores(SupervisedContrast.unit(expected.tensor(name + queries.get(i))), own)
                        .times(1 / 0.07);
                double[] found = scores.toDoubles();
                double[] out = expected.doubles(name + "out" + (i + 1));
                for (int j = 0; j < found.length; j++) {
                    double value = loss == KeyLoss.NCE ? Math.exp(found[j]) / norm : found[j];
                    assertThat(value).isCloseTo(out[j], within(TOLERANCE));
                }
                queue.put(own);
            }
        }
    }

    private static PretextTask.Batch batch(PretextTask task) {
        return NoiseBatch.of(task, Draws.of(5), 0, Draws.of(6));
    }

    @Test
    void whatAStepMovesIsInTheState() {
        try (Scope scope = Scope.open()) {
            PretextTask task = task("pretext.pairs=2", "pretext.queue=8", "pretext.loss=nce");
            PretextTask.Batch batch = batch(task);
            Map<String, Tensor> state = task.state();
            double[] keys = Objects.requireNonNull(state.get("queue.keys")).toDoubles();
            task.loss(batch).total().backward();
            assertThat(Objects.requireNonNull(state.get("queue.next")).item()).isEqualTo(6);
            double[] after = Objects.requireNonNull(state.get("queue.keys")).toDoubles();
            assertThat(after[0]).isNotEqualTo(keys[0]);
            assertThat(after[after.length - 1]).isEqualTo(keys[keys.length - 1]);
            assertThat(Objects.requireNonNull(state.get("norm")).item()).isPositive();
            state.forEach((name, tensor) -> assertThat(tensor.gradient() == null)
                    .as(name)
                    .isEqualTo(name.startsWith("teacher.") || name.startsWith("queue.") || name.equals("norm")));
            assertThat(task.export().keySet()).noneMatch(name -> name.startsWith("teacher."));
        }
    }

    @Test
    void cubesAreCutOutOfViews() {
        try (Scope scope = Scope.open()) {
            PretextTask cut = task("pretext.pairs=2", "crop.size=14", "pretext.cuts=1");
            PretextTask whole = task("pretext.pairs=2", "crop.size=14", "pretext.cuts=0");
            float[] with = batch(cut).block("first").toFloats();
            float[] without = batch(whole).block("first").toFloats();
            int changed = 0;
            for (int i = 0; i < 14 * 14 * 14; i++) {
                changed += with[i] == without[i] ? 0 : 1;
            }
            assertThat(changed).isBetween(1, 8);
        }
    }

    @Test
    void causesAreThoseOfTheSource() {
        assertThat(recipe("pretext.momentum=0.999").pretext().chosen().causes(Verdict.NOT_ABOVE_CONTROLS).stream()
                        .map(LikelyCause::why))
                .anyMatch(why -> why.contains("one linear map without a norm"))
                .anyMatch(why -> why.contains("With a momentum of 0.999"))
                .anyMatch(why -> why.contains("A queue of 512 keys"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pretext.pairs=1 | a step of c2l needs at least 2 pairs",
                "pretext.queue=0 | pretext.queue must be at least 1, not 0",
                "pretext.images=0 | pretext.images must be at least 1, not 0",
                "pretext.momentum=2 | pretext.momentum must lie in [0, 1], not 2.0",
                "pretext.projector.hidden=-1 | pretext.projector needs hidden >= 0",
            })
    void whatCannotWorkIsRefusedInWords(String settings, String sentence) {
        assertThatThrownBy(() -> task(settings)).hasMessageContaining(sentence);
    }
}
