package org.voco4j.pretext.glmae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.voco4j.Tensors;
import org.voco4j.augment.Draws;
import org.voco4j.engine.nn.LayerNorm;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Samples;
import org.voco4j.pretext.SmallUnetr;
import org.voco4j.pretext.part.MomentumTeacher;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.pretext.part.TargetEntropy;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** GL-MAE's consistency by its formula, and what its steps move. */
class GlMaeTest {
    private static final double TOLERANCE = 1e-9;
    private static final double TEACHER = 0.04;
    private static final double STUDENT = 0.1;
    private static final String TABLE = "vit.patch_embedding.position_embeddings";

    @Test
    void consistencyAndGradientsAreThoseOfTheFormula() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("glmae");
            Tensor target = Consistency.DINO.target(expected.tensor("teacher"), expected.tensor("centre"), TEACHER);
            Tensors.assertClose(target, expected.doubles("target"), TOLERANCE, "target");
            Tensor global = expected.tensor("student_global").requireGradient(true);
            Tensor local = expected.tensor("student_local").requireGradient(true);
            Tensor ofGlobal = Consistency.DINO.ofPairs(Consistency.DINO.said(global, STUDENT), target);
            Tensor ofLocal = Consistency.DINO.ofAll(Consistency.DINO.said(local, STUDENT), target);
            assertClose(ofGlobal, expected.tensor("global"));
            assertClose(ofLocal, expected.tensor("local"));
            ofGlobal.plus(ofLocal).backward();
            Tensors.assertClose(
                    Objects.requireNonNull(global.gradient()), expected.doubles("grad_global"), TOLERANCE, "global");
            Tensors.assertClose(
                    Objects.requireNonNull(local.gradient()), expected.doubles("grad_local"), TOLERANCE, "local");
        }
    }

    private static void assertClose(Tensor value, Tensor expected) {
        assertThat(value.item()).isCloseTo(expected.item(), within(TOLERANCE * Math.max(1, expected.item())));
    }

    @Test
    void centreAndTeacherAreMovingAverages() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("glmae");
            Tensor centre = expected.tensor("centre");
            InPlace.average(
                    centre, 0.9, expected.tensor("teacher").reshape(-1, 7).mean(0));
            Tensors.assertClose(centre, expected.doubles("centre.after"), TOLERANCE, "centre");
            LayerNorm teacher = norm(expected.tensor("ema.teacher"));
            MomentumTeacher.update(teacher, norm(expected.tensor("ema.student")), 0.996);
            Tensors.assertClose(
                    Objects.requireNonNull(teacher.weights().get("weight")),
                    expected.doubles("ema.after"),
                    TOLERANCE,
                    "teacher");
        }
    }

    private static LayerNorm norm(Tensor weight) {
        LayerNorm norm = new LayerNorm(5);
        norm.to(Device.CPU, weight.type());
        Objects.requireNonNull(norm.weights().get("weight")).copyInPlace(weight);
        return norm;
    }

    @Test
    void cosineIsThatOfEveryPair() {
        try (Scope scope = Scope.open()) {
            Tensor student = Tensor.of(new float[] {1, 0, 3, 3, 0, -2}, 1, 3, 2);
            Tensor teacher = Tensor.of(new float[] {2, 0, 0, 5}, 1, 2, 2);
            Consistency cosine = Consistency.COSINE;
            Tensor none = Tensor.of(new float[] {9, 9}, 2);
            Tensor said = cosine.said(student, STUDENT);
            Tensor target = cosine.target(teacher, none, TEACHER);
            double half = Math.sqrt(0.5);
            assertThat(cosine.ofPairs(said.narrow(1, 0, 2), target).item()).isCloseTo(2 - (1 + half), within(1e-6));
            assertThat(cosine.ofAll(said, target).item())
                    .isCloseTo(2 - 2 * (1 + 0 + half + half + 0 - 1) / 6, within(1e-6));
        }
    }

    @Test
    void entropyIsThatOfTargetsAndOfTheirMean() {
        try (Scope scope = Scope.open()) {
            assertThat(TargetEntropy.ofMean(Tensor.of(new float[] {1, 0, 0, 0, 1, 0, 0, 0}, 1, 2, 4))
                            .item())
                    .isCloseTo(0, within(1e-6));
            assertThat(TargetEntropy.of(Tensor.of(new float[] {1, 0, 0, 1, 0.5f, 0.5f, 0.5f, 0.5f}, 2, 2, 2))
                            .item())
                    .isCloseTo(0.5, within(1e-6));
            assertThat(TargetEntropy.ofMean(Tensor.of(new float[] {1, 0, 0, 1}, 2, 1, 2))
                            .item())
                    .isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void cropsHaveSharesOfTheScan() {
        Shape3 scan = new Shape3(50, 20, 1);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 200; i++) {
            Box box = RandomCrop.sample(scan, 0.2, 0.4, random);
            assertThat(box.x1() - box.x0()).isBetween(10, 20);
            assertThat(box.y1() - box.y0()).isBetween(4, 8);
            assertThat(box.z1() - box.z0()).isEqualTo(1);
            for (int axis = 0; axis < 3; axis++) {
                assertThat(box.low(axis)).isNotNegative();
                assertThat(box.high(axis)).isLessThanOrEqualTo(scan.along(axis));
            }
        }
    }

    private static PretextTask task(String... settings) {
        return SmallUnetr.task("gl-mae", settings);
    }

    private static PretextTask.Batch batch(PretextTask task, int step) {
        Shape3 shape = new Shape3(20, 20, 12);
        float[] voxels = Tensors.smoothInput("scan", 1, 1, 20, 20, 12).toFloats();
        Samples samples = new Samples(task, 2);
        for (int s = 0; s < 2; s++) {
            samples.fill(
                    s,
                    List.of(new Volume(shape, Affine.identity(), voxels)),
                    Draws.of(3).at(s));
        }
        return new PretextTask.Batch(samples.tensors(Device.CPU), step, 10, Draws.of(3));
    }

    private static double[] values(PretextTask task, String name) {
        return Objects.requireNonNull(task.state().get(name), name).toDoubles();
    }

    @ParameterizedTest
    @EnumSource(Consistency.class)
    void theTeacherFollowsAndIsNotTaught(Consistency consistency) {
        try (Scope scope = Scope.open()) {
            PretextTask task = task("pretext.consistency=" + consistency, "pretext.momentum=0.5");
            String bias = "projector.4.bias";
            assertThat(values(task, "teacher.cls_token")).isEqualTo(values(task, "cls_token"));
            PretextTask.Batch batch = batch(task, 0);
            Loss loss = task.loss(batch);
            loss.backward();
            Map<String, Tensor> parts = loss.parts();
            assertThat(parts).containsKeys("reconstruction", "consistencyGlobal", "consistencyLocal");
            assertThat(parts.containsKey("targetEntropy")).isEqualTo(consistency == Consistency.DINO);
            double consistent = 0;
            for (String name : List.of("consistencyGlobal", "consistencyLocal")) {
                consistent += 0.01 * Objects.requireNonNull(parts.get(name)).item();
            }
            double reconstruction =
                    Objects.requireNonNull(parts.get("reconstruction")).item();
            assertThat(loss.total().item()).isCloseTo(2 * reconstruction + consistent, within(1e-5)); // p = q
            task.state().forEach((name, tensor) -> {
                if (name.startsWith("teacher.") || name.equals("centre")) {
                    assertThat(tensor.gradient() == null).as(name).isTrue();
                }
            });
            Map<String, Tensor> moved = task.trainable().get(0).weights();
            assertThat(moved).containsKeys("cls_token", bias, "vit.norm.weight").doesNotContainKeys(TABLE, "centre");
            assertThat(moved.keySet()).noneMatch(name -> name.startsWith("teacher."));
            InPlace.add(Objects.requireNonNull(moved.get(bias)), 1);
            double[] before = values(task, "teacher." + bias);
            double[] student = values(task, bias);
            task.afterStep(batch);
            double[] after = values(task, "teacher." + bias);
            for (int i = 0; i < after.length; i++) {
                assertThat(after[i]).isCloseTo((before[i] + student[i]) / 2, within(1e-6));
            }
            assertThat(Arrays.stream(values(task, "centre")).anyMatch(c -> c != 0))
                    .isTrue();
            assertThat(task.export()).containsKeys(TABLE, "vit.blocks.1.attn.qkv.weight");
            assertThat(task.export().keySet()).noneMatch(name -> name.startsWith("teacher."));
        }
    }

    @Test
    void theTeacherStandsStillAtTheEnd() {
        try (Scope scope = Scope.open()) {
            PretextTask task = task("pretext.momentum=0.5");
            InPlace.add(Objects.requireNonNull(task.state().get("cls_token")), 1);
            double[] before = values(task, "teacher.cls_token");
            task.afterStep(batch(task, 10));
            assertThat(values(task, "teacher.cls_token")).isEqualTo(before);
        }
    }

    private static double consistent(PretextTask task, int step) {
        Loss loss = task.loss(batch(task, step));
        double reconstruction =
                Objects.requireNonNull(loss.parts().get("reconstruction")).item();
        return loss.total().item() - 2 * reconstruction; // p = q
    }

    @Test
    void inFirstStepsConsistencyCountsATenth() {
        try (Scope scope = Scope.open()) {
            PretextTask task = task("pretext.early=5", "pretext.globalWeight=1", "pretext.localWeight=1");
            double early = consistent(task, 4);
            assertThat(early).isPositive().isCloseTo(consistent(task, 5) / 10, within(1e-4));
        }
    }

    @Test
    void theTeacherMayBeHandedOn() {
        try (Scope scope = Scope.open()) {
            PretextTask task = task("pretext.export=teacher");
            InPlace.add(Objects.requireNonNull(task.state().get("cls_token")), 1);
            assertThat(Objects.requireNonNull(task.export().get("cls_token")).toDoubles())
                    .isEqualTo(values(task, "teacher.cls_token"))
                    .isNotEqualTo(values(task, "cls_token"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model.encoder=unet | gl-mae can teach unetr; model.encoder is unet",
                "pretext.ratio=0.1 | pretext.ratio 0.1 hides none of the 8 patches of a crop",
                "pretext.globals.least=0 | 0 < least <= most <= 1",
                "pretext.locals.crops=0 | need crops >= 1",
                "pretext.temperature.teacher=0 | pretext.temperature needs numbers above 0",
                "pretext.centre=1 | pretext.centre must lie in [0, 1), not 1.0",
                "pretext.localWeight=-1 | localWeight must not be negative",
            })
    void whatCannotWorkIsRefusedInWords(String settings, String sentence) {
        assertThatThrownBy(() -> task(settings)).hasMessageContaining(sentence);
    }
}
