package org.voco4j.program.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.corpus.LabelledCase;
import org.voco4j.corpus.LabelledSet;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.downstream.model.ModelCard;
import org.voco4j.downstream.model.ModelLabels;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.measure.segmentation.ClassScore;
import org.voco4j.measure.segmentation.SegmentationScore;
import org.voco4j.measure.statistics.Overlap;
import org.voco4j.phantom.Torso;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.SegmentationScores;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.Affine;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;

class EvaluateTest {
    private static final Shape3 SHAPE = new Shape3(10, 8, 6);
    private static final Affine AFFINE = Affine.scaling(new Spacing(1, 2, 3));

    @TempDir
    private Path folder = Path.of("");

    private final PretrainFixture.Ears ears = new PretrainFixture.Ears();

    /** The value of a voxel. */
    private interface Field {
        float at(int x, int y, int z);
    }

    private static Volume volume(Field field) {
        float[] voxels = new float[(int) SHAPE.voxels()];
        for (int x = 0; x < SHAPE.x(); x++) {
            for (int y = 0; y < SHAPE.y(); y++) {
                for (int z = 0; z < SHAPE.z(); z++) {
                    voxels[SHAPE.index(x, y, z)] = field.at(x, y, z);
                }
            }
        }
        return new Volume(SHAPE, AFFINE, voxels);
    }

    private void write(String name, Volume volume) throws IOException {
        Path file = folder.resolve(name + ".nii.gz");
        Files.createDirectories(file.resolveSibling(""));
        new Nifti().write(volume, file);
    }

    private Map<String, Evaluate.Result> run(@Nullable String labels, String... predictions)
            throws InterruptedException {
        Map<String, Path> named = new LinkedHashMap<>();
        for (String name : predictions) {
            named.put(name, folder.resolve(name));
        }
        return Evaluate.run(new Evaluate.Request(named, folder.resolve("t"), labels, 1, null, null, 2), ears);
    }

    private Evaluate.Result one(@Nullable String labels) throws InterruptedException {
        return Objects.requireNonNull(run(labels, "p").get("p"));
    }

    private static ClassScore score(Evaluate.Result result, int label) {
        return result.report().cases().get(0).score().classes().get(label - 1);
    }

    @Test
    void classesAreFoundByNameHoweverEachSideNumbersThem() throws IOException, InterruptedException {
        write("t/a", volume((x, y, z) -> x < 4 ? 7 : x < 6 ? 2 : x < 7 ? 9 : 0));
        write("p/a", volume((x, y, z) -> x < 3 ? 1 : x < 6 ? 3 : 0));
        Files.writeString(folder.resolve("t/dataset.json"), """
                {"labels": {"0": "background", "2": "right_kidney", "7": "Liver", "9": "spleen"}}""");
        Files.writeString(folder.resolve("p/labels.json"), """
                {"labels": {"1": "liver", "3": "right kidney"}}""");
        Evaluate.Result result = one(null);
        assertThat(result.report().classes()).containsExactly("liver", "right kidney");
        assertThat(score(result, 1).overlap()).isEqualTo(new Overlap(144, 144, 192));
        assertThat(score(result, 2).overlap()).isEqualTo(new Overlap(96, 144, 96));
        assertThat(score(result, 1).truthMl()).isCloseTo(192 * 6 / 1000.0, within(1e-12));
        assertThat(result.notes())
                .containsExactly("In truth these values are no class here and count as background: 9 (in 1 case).");
        Files.writeString(folder.resolve("p/labels.json"), """
                {"labels": {"1": "liver", "3": "kidneys"}}""");
        assertThatThrownBy(() -> one(null))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("the predictions have a class 'kidneys', truth has")
                .hasMessageContaining("--labels");
    }

    @Test
    void whatTheUserSaysHoldsForBoth() throws IOException, InterruptedException {
        write("t/a", volume((x, y, z) -> x < 4 ? 1 : x < 6 ? 2 : 0));
        write("p/a", volume((x, y, z) -> x < 5 ? 2 : 0));
        assertThat(score(one("kidneys=1+2"), 1).overlap()).isEqualTo(new Overlap(240, 240, 288));
        Files.writeString(folder.resolve("mine.yaml"), "labels: {both: [1, 2]}\n");
        assertThat(score(one(folder.resolve("mine.yaml").toString()), 1).overlap())
                .isEqualTo(new Overlap(240, 240, 288));
        Files.writeString(folder.resolve("mine.json"), """
                {"labels": {"left": 1, "right": 2}}""");
        Evaluate.Result result = one(folder.resolve("mine.json").toString());
        assertThat(score(result, 1).overlap().isMissed()).isTrue();
        assertThat(score(result, 2).overlap()).isEqualTo(new Overlap(48, 240, 96));
        for (String wrong : List.of("liver=x", "liver=1,=2", "a=1,a=2", "a=0", "a=1,b=1", "no-such-recipe")) {
            assertThatThrownBy(() -> one(wrong)).isInstanceOf(UsageException.class);
        }
    }

    @Test
    void withoutNamesEveryValueIsAClass() throws IOException, InterruptedException {
        write("t/a", volume((x, y, z) -> x < 4 ? 5 : 0));
        write("p/a", volume((x, y, z) -> x < 4 ? 5 : y < 2 ? 3 : 0));
        Evaluate.Result result = one(null);
        assertThat(result.report().classes()).containsExactly("3", "5");
        assertThat(score(result, 1).overlap().isInvented()).isTrue();
        assertThat(score(result, 2).dice()).isEqualTo(1);
    }

    @Test
    void regionsOverlapAndVoxelsToIgnoreCountForNothing() throws IOException, InterruptedException {
        write("t/a", volume((x, y, z) -> x < 2 ? 3 : x < 4 ? 2 : x < 6 ? 1 : 0));
        write("p/a", volume((x, y, z) -> x < 4 ? 2 : 0));
        Files.writeString(folder.resolve("t/dataset.json"), """
                {"labels": {"background": 0, "whole": [1, 2, 3], "core": [2, 3], "enhancing": 3},
                 "regions_class_order": [1, 2, 3]}""");
        Evaluate.Result regions = one(null);
        assertThat(regions.report().classes()).containsExactly("whole", "core", "enhancing");
        assertThat(score(regions, 1).overlap()).isEqualTo(new Overlap(192, 192, 288));
        assertThat(score(regions, 2).dice()).isEqualTo(1);
        assertThat(score(regions, 3).overlap().isMissed()).isTrue();

        write("p/a", volume((x, y, z) -> x < 4 ? 7 : 0)); // the same in values of their own, as segments have
        Files.writeString(folder.resolve("p/labels.json"), """
                {"labels": {"background": 0, "whole": [5, 7, 9], "core": [7, 9], "enhancing": 9},
                 "regions_class_order": [5, 7, 9]}""");
        assertThat(score(one(null), 1).overlap()).isEqualTo(new Overlap(192, 192, 288));
        Files.delete(folder.resolve("p/labels.json"));

        Files.writeString(folder.resolve("t/dataset.json"), """
                {"labels": {"background": 0, "two": 2, "three": 3, "ignore": 1}}""");
        write("p/a", volume((x, y, z) -> x < 2 ? 3 : x < 5 ? 2 : 0));
        Evaluate.Result ignoring = one(null);
        assertThat(ignoring.report().mean(ClassScore::dice).mean()).isEqualTo(1);
        assertThat(ignoring.notes()).isEmpty();

        Files.writeString(folder.resolve("t/dataset.json"), """
                {"labels": {"background": 0, "whole": [2, 3], "three": 3, "ignore": 1}, "regions_class_order": [2, 3]}""");
        Evaluate.Result overlapping = one(null);
        assertThat(overlapping.report().mean(ClassScore::dice).mean()).isEqualTo(1);
        assertThat(overlapping.notes()).isEmpty();
    }

    @Test
    void turnedAxesMakeNoDifferenceAndAnotherGridIsRefusedWithTheAmounts() throws IOException, InterruptedException {
        Volume truth = volume((x, y, z) -> x + y < 7 ? 1 : z > 3 ? 2 : 0);
        Volume prediction = volume((x, y, z) -> x + y + z < 9 ? 1 : z > 2 ? 2 : 0);
        write("t/a", truth);
        write("t/b", truth);
        write("t/c", truth);
        write("t/d", truth);
        write("p/a", prediction);
        write("p/b", Orient.to(prediction, "SPL"));
        write("p/c", new Volume(SHAPE, Affine.scaling(new Spacing(1, 2, 3.1)), prediction.voxels()));
        write("p/d", volume((x, y, z) -> 0.5f));
        Evaluate.Result result = one(null);
        List<SegmentationScores.Case> cases = result.report().cases();
        assertThat(cases).extracting(SegmentationScores.Case::scan).containsExactly("a", "b");
        assertThat(cases.get(1).score()).isEqualTo(cases.get(0).score());
        assertThat(result.problems()).hasSize(2);
        assertThat(result.problems().get(0))
                .startsWith(folder.resolve("p/c.nii.gz").toString())
                .contains("the prediction lies on another grid than truth: 10x8x6 voxels of 1.0 x 2.0 x 3.")
                .contains("their last (0.000, 0.000, 0.500) mm from truth's");
        assertThat(result.problems().get(1))
                .contains("p/d.nii.gz: the label at voxel (0, 0, 0) is 0.5, expected a whole");
    }

    @Test
    void severalPredictionsAreComparedCaseByCase() throws IOException, InterruptedException {
        for (int i = 0; i < 5; i++) {
            int edge = i;
            write("t/c" + i, volume((x, y, z) -> x < 4 + edge ? 1 : 0));
            write("better/c" + i, volume((x, y, z) -> x < 4 + edge && (y > 0 || edge < 3) ? 1 : 0));
            write("worse/c" + i, volume((x, y, z) -> x < 3 + edge && y > 0 ? 1 : 0));
        }
        Map<String, Evaluate.Result> results = run(null, "worse", "better");
        PredictionGain gain = PredictionGain.againstFirst(results).get(0);
        double better = Objects.requireNonNull(results.get("better"))
                .report()
                .mean(ClassScore::dice)
                .mean();
        double worse = Objects.requireNonNull(results.get("worse"))
                .report()
                .mean(ClassScore::dice)
                .mean();
        assertThat(gain.gain().mean()).isCloseTo(better - worse, within(1e-12)).isPositive();
        assertThat(gain.gain().cases()).isEqualTo(5);
        assertThat(Objects.requireNonNull(gain.bootstrap()).contains(gain.gain().mean()))
                .isTrue();
        assertThat(gain.sentence())
                .startsWith("better against worse: mean Dice +")
                .endsWith("over 5 cases.");
    }

    /** What a run of fine-tuning leaves says how scans are prepared, whatever that is. */
    @Test
    void aModelSaysItsPreprocessing() {
        for (List<String> settings : List.of(
                List.of("data.spacing=[1.5, 1.5, 2.25]", "data.size=null", "data.foreground=0.25"),
                List.of("data.spacing=null", "data.size=[96, 64, 48]", "data.window=[-175, 250]"),
                List.of("data.intensity=zscore", "data.foreground=0"),
                List.of("data.intensity=percentiles", "data.percentiles=[1, 99]", "data.foreground=0"))) {
            FinetuneRecipe recipe = RecipeTree.load("finetune", null, settings).bind(FinetuneRecipe.class);
            assertThat(ModelCard.of(about(recipe)).preprocessing())
                    .isEqualTo(recipe.data().preprocessing());
        }
    }

    private static Map<String, String> about(FinetuneRecipe recipe) {
        return recipe.card(1, new ModelLabels(Map.of("organ", List.of(1)), List.of(), null))
                .facts();
    }

    /** A prediction on the model's grid, brought to the scan's and measured on the model's, has the score it had there. */
    @Test
    void onTheModelsGridAPredictionHasTheScoreOfValidation() throws IOException, InterruptedException {
        FinetuneRecipe recipe = RecipeTree.load("finetune", "tiny", List.of()).bind(FinetuneRecipe.class);
        Safetensors.write(folder.resolve("model.safetensors"), Map.of("w", Tensor.zeros(DType.F32, 1)), about(recipe));
        for (int i = 0; i < 2; i++) {
            Torso torso = Torso.generate(i);
            write("set/imagesTr/c" + i, torso.image());
            write("set/labelsTr/c" + i, torso.labels());
        }
        String labels = "lungs=1+2,spine=10";
        LabelSchema schema = LabelSchema.of(Map.of("lungs", List.of(1, 2), "spine", List.of(10)), new TreeMap<>());
        Map<String, SegmentationScore> expected = new LinkedHashMap<>();
        for (LabelledCase scan :
                LabelledSet.open(List.of(folder.resolve("set")), null).cases()) {
            Preprocessing.Prepared prepared =
                    scan.prepare(new Nifti(), recipe.data().preprocessing(), schema, 1);
            LabelMap truth = Objects.requireNonNull(prepared.labels());
            LabelMap shifted = shifted(truth);
            expected.put(
                    scan.id(),
                    SegmentationScore.of(shifted, truth, 3, truth.affine().spacing(), 1));
            Volume raw = prepared.back().labels(shifted).toVolume();
            float[] values = raw.voxels();
            for (int v = 0; v < values.length; v++) { // a class's first raw value
                values[v] = values[v] == schema.names().indexOf("lungs") + 1 ? 1 : values[v] == 0 ? 0 : 10;
            }
            write("p/" + scan.id(), raw);
        }
        Evaluate.Request request = new Evaluate.Request(
                Map.of("p", folder.resolve("p")),
                folder.resolve("set"),
                labels,
                1,
                folder.resolve("model.safetensors"),
                null,
                1);
        Evaluate.Result result =
                Objects.requireNonNull(Evaluate.run(request, ears).get("p"));
        assertThat(result.problems()).isEmpty();
        assertThat(result.report().cases()).hasSize(2);
        for (SegmentationScores.Case one : result.report().cases()) {
            SegmentationScore own = Objects.requireNonNull(expected.get(one.scan()));
            for (String name : List.of("lungs", "spine")) {
                ClassScore found =
                        one.score().classes().get(result.report().classes().indexOf(name));
                ClassScore wanted = own.classes().get(schema.names().indexOf(name));
                assertThat(found.dice()).isCloseTo(wanted.dice(), within(1e-3)).isLessThan(0.99);
                assertThat(found.nsd()).isCloseTo(wanted.nsd(), within(1e-3));
            }
        }
    }

    /** One voxel along x. */
    private static LabelMap shifted(LabelMap map) {
        byte[] classes = new byte[map.classes().length];
        int plane = map.shape().y() * map.shape().z();
        System.arraycopy(map.classes(), 0, classes, plane, classes.length - plane);
        return new LabelMap(map.shape(), map.affine(), classes);
    }
}
