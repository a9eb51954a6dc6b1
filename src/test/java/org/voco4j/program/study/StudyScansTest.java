package org.voco4j.program.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;

/** A study on a folder of labelled scans. */
class StudyScansTest {
    private static final Shape3 SHAPE = new Shape3(20, 20, 20);

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void tenScans() throws IOException {
        Files.createDirectories(folder.resolve("imagesTr"));
        Files.createDirectories(folder.resolve("labelsTr"));
        Files.writeString(folder.resolve("dataset.json"), "{\"labels\": {\"background\": 0, \"a\": 1, \"b\": 2}}");
        for (int i = 0; i < 10; i++) {
            SplittableRandom random = new SplittableRandom(i);
            float[] voxels = new float[(int) SHAPE.voxels()];
            float[] labels = new float[voxels.length];
            for (int v = 0; v < voxels.length; v++) {
                voxels[v] = random.nextInt(-170, 250);
                labels[v] = v / 1000 % 3;
            }
            Affine affine = Affine.scaling(Spacing.isotropic(3));
            new Nifti().write(new Volume(SHAPE, affine, voxels), folder.resolve("imagesTr/s" + i + "_0000.nii.gz"));
            new Nifti().write(new Volume(SHAPE, affine, labels), folder.resolve("labelsTr/s" + i + ".nii.gz"));
        }
    }

    private StudyScans open(String... settings) throws IOException, InterruptedException {
        StudyRecipe recipe = recipe(settings);
        return StudyScans.open(recipe, recipe.all(), new PretrainFixture.Ears());
    }

    private StudyRecipe recipe(String... settings) throws IOException {
        Path file = Files.writeString(folder.resolve("study.yaml"), """
                tested: 3
                pretrain: {set: ["data.size=[16, 16, 16]", crop.size=4]}
                finetune: {set: ["data.size=[24, 24, 16]", "patch.size=[16, 16, 16]", data.heldOut=0.5]}
                arms: {scratch: {pretrain: scratch}, VoCo: {}}
                sweep: {scans: 2}
                """);
        return RecipeTree.load(StudyRecipe.KIND, file.toString(), List.of(settings))
                .with(List.of("data=" + folder))
                .bind(StudyRecipe.class);
    }

    private static UnlabelledScans unlabelled(StudyScans scans, List<String> data, long seed) throws IOException {
        return scans.sources().entrySet().stream()
                .filter(entry -> entry.getKey().data().equals(data))
                .findFirst()
                .orElseThrow()
                .getValue()
                .of(seed);
    }

    @Test
    void nobodyIsTrainedAndMeasuredOn() throws IOException, InterruptedException {
        StudyScans scans = open();
        assertThat(scans.labelled().training())
                .hasSize(5)
                .isEqualTo(unlabelled(scans, List.of(), 0).training());
        assertThat(scans.tested()).hasSize(3);
        assertThat(scans.swept()).hasSize(2).doesNotContainAnyElementsOf(scans.tested());
        assertThat(scans.labelled().training())
                .doesNotContainAnyElementsOf(scans.tested())
                .doesNotContainAnyElementsOf(scans.swept());
        assertThat(unlabelled(scans, List.of(), 0).heldOut())
                .extracting(HeldOutScan::name)
                .containsExactlyElementsOf(scans.tested());
        String one = scans.labelled().training().get(0);
        assertThat(unlabelled(scans, List.of(), 0).source().volume(one).shape()).isEqualTo(new Shape3(16, 16, 16));
        assertThat(scans.labelled().source().scan(one).labels().shape()).isEqualTo(new Shape3(24, 24, 16));
    }

    private String table(String... images) throws IOException {
        StringBuilder table = new StringBuilder("image,patient,stratum\n");
        for (String image : images) {
            String name = image.substring(image.lastIndexOf('/') + 1).replace("_0000", "");
            table.append("imagesTr/").append(name).append("_0000.nii.gz,").append(name);
            table.append(Integer.parseInt(name.substring(1)) % 2 == 0 ? ",chest\n" : ",abdomen\n");
        }
        return Files.writeString(folder.resolve("scans.csv"), table.toString()).toString();
    }

    @Test
    void armsLearnFromScansOfTheirOwnAndEverySeedHoldsOthersOut() throws IOException, InterruptedException {
        List<String> training = open().labelled().training();
        String scans = table(training.toArray(String[]::new));
        StudyScans opened = open(
                "pretrain.data=" + scans,
                "arms.torsos={data: torsos}",
                "arms.both={after: torsos}",
                "torsos={training: 3, unseen: 3, seed: 0}");
        assertThat(opened.sources().keySet())
                .extracting(StudyScans.Images::data)
                .containsExactlyInAnyOrder(List.of(scans), List.of("torsos"));
        assertThat(opened.sources()).hasSize(2);
        assertThat(unlabelled(opened, List.of("torsos"), 0).training()).hasSize(3);
        Set<List<String>> heldOut = new HashSet<>();
        for (long seed = 0; seed < 6; seed++) {
            UnlabelledScans own = unlabelled(opened, List.of(scans), seed);
            List<String> names = own.heldOut().stream().map(HeldOutScan::name).toList();
            assertThat(own.heldOut()).extracting(HeldOutScan::stratum).doesNotContainNull();
            assertThat(own.training()).doesNotContainAnyElementsOf(names);
            assertThat(own.training().size() + names.size()).isEqualTo(training.size());
            heldOut.add(names);
        }
        assertThat(heldOut).hasSizeGreaterThan(1);
    }

    @Test
    void whatIsMeasuredIsNotLearnedFrom() throws IOException, InterruptedException {
        String tested = open().tested().get(0);
        String other = open().labelled().training().get(0);
        String scans = table(other, tested);
        assertThatThrownBy(() -> unlabelled(open("pretrain.data=" + scans), List.of(scans), 0))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("has scans that are measured on, or others of their patients, " + tested);
    }

    /** Scans 0 and 1, 2 and 3, … are of one patient. */
    private String pairs() throws IOException {
        StringBuilder table = new StringBuilder("file_or_folder,patient\n");
        for (int i = 0; i < 10; i++) {
            table.append("imagesTr/s")
                    .append(i)
                    .append("_0000.nii.gz,patient ")
                    .append(i / 2)
                    .append('\n');
        }
        Files.writeString(folder.resolve("patients.csv"), table);
        return "groups=" + folder.resolve("patients.csv");
    }

    private static int number(String name) {
        return Integer.parseInt(name.replaceAll(".*s(\\d).*", "$1"));
    }

    @Test
    void scansOfOnePatientStayTogether() throws IOException, InterruptedException {
        String held = "finetune.set=[\"data.size=[24, 24, 16]\", \"patch.size=[16, 16, 16]\", data.heldOut=0.6]";
        StudyScans scans = open(pairs(), held);
        LabelledScans labelled = scans.labelled();
        assertThat(labelled.heldOut()).hasSize(6);
        assertThat(labelled.heldOut()).allMatch(name -> labelled.patient(name).equals("patient " + number(name) / 2));
        assertThat(scans.tested()).hasSize(3);
        assertThat(scans.swept())
                .hasSize(2)
                .extracting(labelled::patient)
                .doesNotContainAnyElementsOf(
                        scans.tested().stream().map(labelled::patient).toList());
        assertThat(unlabelled(scans, List.of(), 0).heldOut())
                .allMatch(scan -> scan.patient().equals(labelled.patient(scan.name())))
                .extracting(HeldOutScan::name)
                .doesNotContainAnyElementsOf(scans.swept());
        assertThatThrownBy(() -> open(pairs(), held, "sweep.scans=3"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(
                        "sweep.scans: rates are chosen on 3 unseen scans of patients who are not tested, and 2");

        String sibling = "s" + (number(scans.tested().get(0)) ^ 1);
        String data = table(labelled.training().get(0), labelled.training().get(1), sibling);
        assertThatThrownBy(() -> unlabelled(open(pairs(), held, "pretrain.data=" + data), List.of(data), 0))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("or others of their patients, ")
                .hasMessageContaining(scans.tested().get(0));
    }

    /** The files are the same, so only this keeps a pre-training from being taken for one that saw what is now measured. */
    @Test
    void aPretrainingIsOfTheScansItWasTrainedOn() throws IOException, InterruptedException {
        String set = "finetune.set=[\"data.size=[24, 24, 16]\", \"patch.size=[16, 16, 16]\", data.heldOut=%s]";
        String digest = unlabelled(open(), List.of(), 0).digest();
        assertThat(unlabelled(open(String.format(set, 0.5)), List.of(), 0).digest())
                .isEqualTo(digest);
        assertThat(unlabelled(open(String.format(set, 0.6)), List.of(), 0).digest())
                .isNotEqualTo(digest);
    }

    @Test
    void armsPrepareTheSameScansInTheirWays() throws IOException, InterruptedException {
        String arm = "arms.coarse={pretrain: [\"data.size=[12, 12, 12]\", crop.size=3], finetune: \"%s\"}";
        String[] settings = {String.format(arm, "data.size=[20, 20, 16]")};
        StudyScans scans = open(settings);
        StudyArm coarse = recipe(settings).all().get(2);
        LabelledScans own = scans.labelled(coarse);
        assertThat(own.training()).isEqualTo(scans.labelled().training());
        assertThat(own.heldOut()).isEqualTo(scans.labelled().heldOut());
        String one = own.training().get(0);
        assertThat(own.source().scan(one).labels().shape()).isEqualTo(new Shape3(20, 20, 16));
        assertThat(scans.unlabelled(coarse, 0).source().volume(one).shape()).isEqualTo(new Shape3(12, 12, 12));
        assertThat(own.source().truth(scans.tested().get(0)).shape()).isEqualTo(SHAPE);
        for (String other : List.of("data.heldOut=0.6", "labels={a: [1]}")) {
            assertThatThrownBy(() -> open(String.format(arm, other)))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("arm coarse: all arms are fine-tuned with the same scans and classes");
        }
    }

    @Test
    void tooFewAreSaid() {
        assertThatThrownBy(() -> open("tested=4"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("are 6 together, and 5 are held out");
    }
}
