package org.voco4j.pretext.voco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.voco4j.Tensors.assertClose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.engine.optim.AdamW;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.optim.Optimizer;
import org.voco4j.engine.optim.WarmupCosine;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.head.ContrastNetwork;
import org.voco4j.network.head.ProjectionHead;
import org.voco4j.network.transformer.PatchMerging;
import org.voco4j.network.transformer.SwinUnetrEncoder;
import org.voco4j.network.transformer.SwinVersion;
import org.voco4j.volume.Shape3;
import tools.jackson.databind.json.JsonMapper;

/** The released model and its training, number by number: repository Luffy03/VoCo at commit ba7b7bd, at small sizes. */
class ReleasedModelTest {
    private static final Reference MODEL = Reference.of("voco_model_fs6");
    private static final int VOLUMES = 2;
    private static final int CROPS = 2;
    private static final int BASES = 16;

    private static ContrastNetwork network(int features, int hidden) {
        return new ContrastNetwork(
                new SwinUnetrEncoder(3, 1, features, SwinVersion.V2, PatchMerging.Order.MERGING),
                hidden,
                hidden,
                ProjectionHead.Norm.HIDDEN);
    }

    /** The released variant in float64 with the reference's weights. */
    private static VoCo task() {
        VoCoOptions options = PlainOptions.of(Variant.OFFICIAL, new Shape3(64, 64, 64), new Shape3(4, 4, 1), CROPS, 40);
        VoCo task = new VoCo(options, () -> network(6, 64), 1, Device.CPU);
        Tensors.fillWithHashNumbers(task.state(), "");
        task.state().forEach((name, weight) -> {
            weight.convertInPlace(Device.CPU, DType.F64);
            weight.requireGradient(name.startsWith("student."));
        });
        return task;
    }

    /** [2, 2 + 16, 40, 36, 8]: our order, which has the bases of a volume after its crops. */
    private static Tensor views() {
        Tensor crops = Tensors.repeated(Tensors.of(MODEL, "img_lowres"), 4).to(DType.F64);
        Tensor bases = Tensors.repeated(Tensors.of(MODEL, "crops_lowres"), 4).to(DType.F64);
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < VOLUMES; i++) {
            parts.add(crops.narrow(0, (long) i * CROPS, CROPS));
            parts.add(bases.narrow(0, (long) i * BASES, BASES));
        }
        return Tensor.concatenate(parts, 0).reshape(VOLUMES, CROPS + BASES, 40, 36, 8);
    }

    private static Tensor labels() {
        return Tensors.of(MODEL, "labels").reshape(VOLUMES, (long) CROPS * BASES);
    }

    private static List<String> names(Reference reference, String key) {
        List<String> names = new ArrayList<>();
        JsonMapper.shared().readTree(reference.meta(key)).forEach(node -> names.add(node.asString()));
        return names;
    }

    @Test
    void featuresAreTheReleasedModels() {
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            ContrastNetwork student = network(6, 64);
            Tensors.fillWithHashNumbers(student.weights(), "student.");
            student.to(Device.CPU, DType.F64);
            Tensor crops = Tensors.repeated(Tensors.of(MODEL, "img_lowres"), 4);
            Tensor bases = Tensors.repeated(Tensors.of(MODEL, "crops_lowres"), 4);
            Tensor pooled =
                    student.pooled(Tensor.concatenate(List.of(crops, bases), 0).to(DType.F64));
            double[] stored = MODEL.doubles("pooled.student");
            double largest = Arrays.stream(stored).map(Math::abs).max().orElseThrow();
            assertClose(pooled, stored, 1e-5 * largest, "pooled, stored in float32");
            assertClose(student.project(pooled), MODEL.doubles("features.student.float64"), 1e-9, "features");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {36, 5})
    void lossGradientsAndTeacherAreTheReleasedModels(int chunk) {
        try (Scope scope = Scope.open()) {
            VoCo task = task();
            task.chunk(chunk);
            Loss loss = task.loss(views(), labels(), UnaryOperator.identity());
            double[] expected = MODEL.doubles("losses.float64"); // pos, neg, reg, loss
            assertThat(part(loss, "prediction")).isCloseTo(expected[0] + expected[1], within(1e-9));
            assertThat(part(loss, "regularization")).isCloseTo(expected[2], within(1e-9));
            assertThat(loss.total().item()).isCloseTo(expected[3], within(1e-9));
            loss.backward();
            double[] norms = MODEL.doubles("grad_l2.student.float64");
            double largest = Arrays.stream(norms).max().orElseThrow();
            List<String> names = names(MODEL, "grad_names");
            for (int i = 0; i < names.size(); i++) {
                Tensor weight =
                        Objects.requireNonNull(task.trainable().get(0).weights().get(names.get(i)));
                assertThat(Objects.requireNonNull(weight.gradient()).norm().item())
                        .as("gradient of %s", names.get(i))
                        .isCloseTo(norms[i], within(1e-9 * norms[i] + 1e-13 * largest));
            }
            double[] teacher = MODEL.doubles("ema.teacher.l2");
            List<String> followers = names(MODEL, "ema_names");
            for (int i = 0; i < followers.size(); i++) {
                Tensor weight = Objects.requireNonNull(task.state().get("teacher." + followers.get(i)));
                assertThat(weight.norm().item()).as(followers.get(i)).isCloseTo(teacher[i], within(1e-6 * teacher[i]));
            }
        }
    }

    private static double part(Loss loss, String name) {
        return Objects.requireNonNull(loss.parts().get(name)).item();
    }

    @ParameterizedTest
    @ValueSource(strings = {"const", "warmup"})
    void trainingIsTheReleasedRecipeStepForStep(String schedule) {
        Reference reference = Reference.of("voco_training_fs6");
        try (Scope scope = Scope.open()) {
            VoCo task = task();
            Optimizer optimizer = new AdamW(new AdamW.Settings(0.9, 0.999, 1e-8, true))
                    .add(task.trainable().get(0).weights(), 1, 0.01);
            WarmupCosine warmup = new WarmupCosine(1e-3, 2, 10);
            Tensor views = views();
            double[] rows = reference.doubles(schedule + ".f64.steps"); // lr, pos, neg, reg, loss
            for (int step = 0; step < rows.length / 5; step++) {
                double rate = schedule.equals("const") ? 1e-3 : warmup.rate(step);
                assertThat(rate).isCloseTo(rows[step * 5], within(1e-12));
                Loss loss = task.loss(views, labels(), UnaryOperator.identity());
                assertThat(part(loss, "prediction"))
                        .as("step %d", step)
                        .isCloseTo(rows[step * 5 + 1] + rows[step * 5 + 2], within(1e-9));
                assertThat(part(loss, "regularization")).isCloseTo(rows[step * 5 + 3], within(1e-9));
                assertThat(loss.total().item()).isCloseTo(rows[step * 5 + 4], within(1e-9));
                loss.backward();
                optimizer.step(rate);
                optimizer.clearGradients();
            }
            Map<String, Tensor> state = task.state();
            List<String> names = names(reference, "names");
            double[] norms = reference.doubles(schedule + ".f64.l2");
            double[] sums = reference.doubles(schedule + ".f64.sum");
            assertThat(state.keySet()).containsExactlyInAnyOrderElementsOf(names);
            for (int i = 0; i < names.size(); i++) {
                if (!isRoundingNoise(names.get(i))) {
                    Tensor weight = Objects.requireNonNull(state.get(names.get(i)));
                    assertThat(weight.norm().item()).as(names.get(i)).isCloseTo(norms[i], within(1e-9 * norms[i]));
                    assertThat(weight.sum().item()).as(names.get(i)).isCloseTo(sums[i], within(1e-8 * norms[i]));
                }
            }
        }
    }

    /** Weights whose gradient is zero in exact arithmetic: AdamW makes steps of its rounding. */
    private static boolean isRoundingNoise(String name) {
        return name.endsWith("proj_head.layer1.0.bias")
                || name.endsWith("proj_head.layer2.0.bias")
                || name.endsWith("attn.qkv.bias")
                || name.endsWith("encoder1.layer.conv3.conv.weight");
    }

    @Test
    void theNetworkOfTheRealSizeIsTheReleasedOne() {
        Reference reference = Reference.of("voco_swin_fs48_64");
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            ContrastNetwork student = network(48, 2048);
            Tensors.fillWithHashNumbers(student.weights(), "student.");
            assertThat(student.weights().values().stream()
                            .mapToLong(Tensor::count)
                            .sum())
                    .isEqualTo(Long.parseLong(reference.meta("parameters")));
            Tensor crops =
                    Tensors.repeated(Tensors.of(reference, "input_lowres"), 8).to(DType.F32);
            Tensor pooled = student.pooled(crops);
            for (String name : List.of("pooled", "features")) {
                double[] expected = reference.doubles(name);
                double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
                Tensor actual = name.equals("pooled") ? pooled : student.project(pooled);
                assertClose(actual, expected, (name.equals("pooled") ? 1e-4 : 1e-3) * largest, name);
            }
        }
    }
}
