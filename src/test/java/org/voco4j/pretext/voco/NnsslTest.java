package org.voco4j.pretext.voco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.head.ProjectionHead;
import org.voco4j.pretext.GateReport;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.Verdict;
import org.voco4j.program.phantom.TorsoScans;
import org.voco4j.program.pretrain.Pretrain;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.run.Resources;
import org.voco4j.run.RunFolder;

/** Variant nnssl: loss and projector as that library computes them. */
class NnsslTest {
    private static final double TOLERANCE = 1e-9;

    private static double[] gradient(Tensor leaf) {
        return Objects.requireNonNull(leaf.gradient()).toDoubles();
    }

    @Test
    void lossAndGradientsAreTheLibrarys() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("voco-nnssl");
            Tensor p = expected.tensor("loss.crops").copy().requireGradient(true);
            Tensor q = expected.tensor("loss.bases").copy().requireGradient(true);
            Variant nnssl = Variant.NNSSL;
            Tensor logits = PositionLogits.of(p, q, nnssl.logit, nnssl.stopGradient);
            Tensor prediction = nnssl.prediction.of(expected.tensor("loss.overlap"), logits, PredictionLoss.EPSILON);
            Tensor regularization = nnssl.regularizer.of(q);
            Tensor loss = prediction.plus(regularization);
            assertThat(prediction.item()).isCloseTo(expected.doubles("loss.prediction")[0], within(TOLERANCE));
            assertThat(regularization.item()).isCloseTo(expected.doubles("loss.regularization")[0], within(TOLERANCE));
            assertThat(loss.item()).isCloseTo(expected.doubles("loss.value")[0], within(TOLERANCE));
            loss.backward();
            assertThat(gradient(p)).containsExactly(expected.doubles("loss.grad_crops"), within(TOLERANCE));
            assertThat(gradient(q)).containsExactly(expected.doubles("loss.grad_bases"), within(TOLERANCE));
        }
    }

    /** As small-scale experiments have it: an encoder with instance norm, whose pooled features are almost parallel. */
    @Test
    void theGateTellsTheCollapseByItsLayerNorm(@TempDir Path folder) throws IOException, InterruptedException {
        int steps = 12;
        RecipeTree tree = RecipeTree.load(
                "pretrain",
                "tiny",
                List.of(
                        "pretext.variant=nnssl",
                        "pretext.projector.norm=layer",
                        "pretext.randomCrops=4",
                        "model.norm=instance",
                        "steps=" + steps,
                        "gate.minimumSteps=" + steps));
        PretrainRecipe recipe = tree.bind(PretrainRecipe.class);
        try (RunFolder run = RunFolder.open(folder.resolve("run"), tree, false)) {
            Pretrain.Outcome outcome = Pretrain.run(
                    recipe,
                    TorsoScans.make(recipe.data().preprocessing(), 4, 6, 1).images(6),
                    null,
                    Resources.of(Device.CPU),
                    run,
                    new PretrainFixture.Ears(),
                    () -> false);
            GateReport gate = Objects.requireNonNull(outcome.gate());
            assertThat(gate.verdict()).isEqualTo(Verdict.COLLAPSED);
            assertThat(gate.causes().get(0)).contains("layer norm looks at each crop alone");
            assertThat(outcome.didNotLearn(steps)).isTrue();
        }
    }

    @Test
    void theProjectorNormalisesEachRow() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("voco-nnssl");
            ProjectionHead head = new ProjectionHead(8, 7, 6, Variant.NNSSL.norm);
            head.to(Device.CPU, DType.F64);
            Map<String, Tensor> weights = new LinkedHashMap<>();
            head.weights().keySet().forEach(name -> weights.put(name, expected.tensor("head." + name)));
            head.load(weights);
            head.requireGradients(true);
            Tensor x = expected.tensor("head.x").copy().requireGradient(true);
            Tensor out = head.forward(x);
            Tensors.assertClose(out, expected.doubles("head.out"), TOLERANCE, "out");
            out.times(expected.tensor("head.weight")).sum().backward();
            Tensors.assertClose(Objects.requireNonNull(x.gradient()), expected.doubles("head.grad_x"), TOLERANCE, "x");
            head.weights()
                    .forEach((name, weight) -> Tensors.assertClose(
                            Objects.requireNonNull(weight.gradient()),
                            expected.doubles("head.grad." + name),
                            TOLERANCE,
                            name));
        }
    }
}
