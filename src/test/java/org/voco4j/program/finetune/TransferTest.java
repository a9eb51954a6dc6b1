package org.voco4j.program.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Tensors;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.store.TorchFile;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;
import org.voco4j.network.transformer.PatchMerging;
import org.voco4j.network.transformer.SwinUnetr;
import org.voco4j.network.transformer.SwinVersion;
import org.voco4j.network.transformer.UnetrEncoder;
import org.voco4j.network.transformer.UnetrForm;
import org.voco4j.network.unet.UNet3dEncoder;
import org.voco4j.network.unet.UNetEncoder;
import org.voco4j.network.unet.UNetForm;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;

/** Fine-tuning begins with weights of other programs and of our own runs; what its report says is counted. */
class TransferTest extends PretrainFixture {
    private static final Path REFERENCE = Path.of("../shared/reference"); // beside a checkout, or not there

    private static SegmentationTraining begin(Path weights, String... settings) {
        List<String> all = new ArrayList<>(List.of("loader.workers=0", "loader.prefetch=1"));
        all.addAll(List.of(settings));
        FinetuneRecipe recipe = RecipeTree.load("finetune", "tiny", all).bind(FinetuneRecipe.class);
        return new SegmentationTraining(recipe, Balls.scans(2, 1), PretrainedWeights.read(weights), Device.CPU);
    }

    private static String[] swin(int featureSize, String... more) {
        List<String> all = new ArrayList<>(
                List.of("model.encoder=swin-unetr", "patch.size=[64, 32, 32]", "model.featureSize=" + featureSize));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static LoadReport report(SegmentationTraining training) {
        return Objects.requireNonNull(training.transferred());
    }

    private static float[] values(Module network, String name) {
        return Objects.requireNonNull(network.stateDict().get(name)).toFloats();
    }

    /** A whole Swin-UNETR as Python saves it, with the hash numbers of the names. */
    private Path swinFile(int in, int classes, String prefix) throws IOException {
        try (Scope scope = Scope.open()) {
            SwinUnetr network = new SwinUnetr(3, in, 12, classes, SwinVersion.V2, PatchMerging.Order.MERGING);
            Tensors.fillWithHashNumbers(network.weights(), "");
            Map<String, Object> state = new LinkedHashMap<>();
            network.stateDict().forEach((name, tensor) -> state.put(prefix + name, tensor));
            Path file = folder.resolve("swin.pt");
            TorchFile.write(file, Map.of("state_dict", state));
            return file;
        }
    }

    @ParameterizedTest
    @CsvSource({"true, ''", "false, ''", "false, module.", "false, module.backbone."})
    void monaisWholeNetworkIsTakenButForItsClassifier(boolean published, String prefix) throws IOException {
        Path file = published ? REFERENCE.resolve("swinunetr_small.pt") : swinFile(1, 14, prefix);
        assumeThat(file).exists();
        try (SegmentationTraining training = begin(file, swin(12))) {
            LoadReport report = report(training);
            assertThat(report.loaded()).hasSize(165).doesNotContain("out.conv.conv.weight");
            assertThat(report.total()).isEqualTo(167);
            assertThat(report.names().removed()).isEqualTo(prefix);
            assertThat(report.sentence())
                    .startsWith("loaded 165 of 167: 2 left out (out.conv.conv.weight: [14, 12, 1, 1, 1] in the file, "
                            + "[3, 12, 1, 1, 1] here; out.conv.conv.bias: [14] in the file, [3] here)");
            SwinUnetr original = new SwinUnetr(3, 1, 12, 14, SwinVersion.V2, PatchMerging.Order.MERGING);
            Tensors.fillWithHashNumbers(original.weights(), "");
            report.loaded()
                    .forEach(name -> assertThat(values(training.network(), name))
                            .as(name)
                            .isEqualTo(values(original, name)));
        }
    }

    @Test
    void otherInputChannelsAndClassesAreAdaptedAndLeftOut() throws IOException {
        try (SegmentationTraining training = begin(swinFile(4, 5, ""), swin(12, "transfer.input=adapt"))) {
            LoadReport report = report(training);
            assertThat(report.loaded()).hasSize(165);
            assertThat(report.misfits())
                    .extracting(LoadReport.Misfit::name)
                    .containsExactly("out.conv.conv.weight", "out.conv.conv.bias");
            assertThat(report.adapted().keySet())
                    .containsExactlyInAnyOrder(
                            "swinViT.patch_embed.proj.weight",
                            "encoder1.layer.conv1.conv.weight",
                            "encoder1.layer.conv3.conv.weight");
            SwinUnetr original = new SwinUnetr(3, 4, 12, 5, SwinVersion.V2, PatchMerging.Order.MERGING);
            Tensors.fillWithHashNumbers(original.weights(), "");
            float[] four = values(original, "swinViT.patch_embed.proj.weight"); // [12, 4, 2, 2, 2]
            float[] one = values(training.network(), "swinViT.patch_embed.proj.weight"); // [12, 1, 2, 2, 2]
            for (int i = 0; i < one.length; i++) {
                int from = i / 8 * 32 + i % 8;
                double sum = (double) four[from] + four[from + 8] + four[from + 16] + four[from + 24];
                assertThat((double) one[i]).isCloseTo(sum, within(1e-6));
            }
        }
    }

    @Test
    void whatReadsOtherInputChannelsBeginsAnewAndNothingElseOfTheEncoderMay() throws IOException {
        List<String> readers = List.of(
                "swinViT.patch_embed.proj.weight",
                "encoder1.layer.conv1.conv.weight",
                "encoder1.layer.conv3.conv.weight");
        Path file = swinFile(4, 5, "");
        try (SegmentationTraining training = begin(file, swin(12))) {
            LoadReport report = report(training);
            assertThat(report.loaded()).hasSize(162).doesNotContainAnyElementsOf(readers);
            assertThat(report.misfits())
                    .extracting(LoadReport.Misfit::name)
                    .containsAll(readers)
                    .hasSize(5);
            try (SegmentationTraining scratch = begin(swinFile(1, 5, ""), swin(12))) {
                assertThat(report(scratch).loaded()).hasSize(165).containsAll(readers);
            }
        }
        assertThatThrownBy(() -> begin(file, swin(6)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("the weights do not fit");
    }

    @ParameterizedTest
    @CsvSource({"student", "teacher", "null"})
    void theReleasedCheckpointGivesItsStudentOrItsTeacher(String network) {
        Path file = REFERENCE.resolve("voco_small_module_prefixed.pt");
        assumeThat(file).exists();
        try (SegmentationTraining training = begin(file, swin(6, "transfer.network=" + network))) {
            LoadReport report = report(training);
            assertThat(report.loaded()).hasSize(145); // the encoder's 137 weights and its 8 index buffers
            assertThat(report.sentence())
                    .startsWith("loaded 145 of 167: 22 left out (decoder5.…, decoder4.…, decoder3.…, decoder2.…, "
                            + "decoder1.…, out.…: not in file)");
            String whose = network.equals("teacher") ? "teacher." : "student.";
            assertThat(report.names().removed()).isEqualTo("module." + whose);
            Tensor weight = Tensor.zeros(DType.F32, 6, 1, 2, 2, 2);
            Tensors.fillWithHashNumbers(Map.of("swinViT.patch_embed.proj.weight", weight), whose);
            assertThat(values(training.network(), "swinViT.patch_embed.proj.weight"))
                    .isEqualTo(weight.toFloats());
        }
    }

    @Test
    void aRunOfOursGivesItsStudentOrItsTeacherToo() throws IOException, InterruptedException {
        String[] official = {"pretext.variant=official", "steps=2"};
        run("student", false, () -> false, official);
        String[] teacher = Arrays.copyOf(official, 3);
        teacher[2] = "export=teacher";
        run("teacher", false, () -> false, teacher);
        String[] unet = {"model.channels=[4, 8]", "patch.size=[16, 16, 16]"};
        try (SegmentationTraining student = begin(folder.resolve("student"), unet);
                SegmentationTraining taught = begin(folder.resolve("teacher"), unet)) {
            assertThat(report(student).loaded()).hasSize(4 + 8); // one unit and two, of weight, bias, γ, β
            assertThat(report(taught).loaded()).hasSize(4 + 8);
            Path checkpoint = folder.resolve("student/checkpoint_latest.safetensors"); // has both
            for (String role : List.of("student", "teacher")) {
                String[] asked = Arrays.copyOf(unet, 3);
                asked[2] = "transfer.network=" + role;
                try (SegmentationTraining training = begin(checkpoint, asked)) {
                    assertThat(report(training).names().removed()).isEqualTo("task." + role + ".");
                    Module same = (role.equals("student") ? student : taught).network();
                    report(training)
                            .loaded()
                            .forEach(name ->
                                    assertThat(values(training.network(), name)).isEqualTo(values(same, name)));
                }
            }
        }
    }

    @Test
    void aRunWithoutATeacherHasNone() throws IOException, InterruptedException {
        run("run", false, () -> false, "steps=2");
        assertThatThrownBy(() -> begin(
                        folder.resolve("run"),
                        "model.channels=[4, 8]",
                        "patch.size=[16, 16, 16]",
                        "transfer.network=teacher"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("the file has no weights of a teacher");
    }

    @Test
    void groupNormBeforeMayBecomeBatchNormAfter() throws IOException {
        Path file = folder.resolve("unet3d.pt");
        UNet3dEncoder encoder = new UNet3dEncoder(3, 1, 2, FeatureNorm.GROUP);
        encoder.initialise(3);
        TorchFile.write(file, new LinkedHashMap<>(encoder.stateDict()));
        String[] settings = {
            "model.encoder=unet-3d", "model.featureSize=2", "patch.size=[16, 16, 16]", "model.norm=batch"
        };
        try (SegmentationTraining training = begin(file, settings)) {
            LoadReport report = report(training);
            assertThat(report.loaded())
                    .containsExactlyInAnyOrderElementsOf(encoder.stateDict().keySet());
            assertThat(report.notInFile()).contains("down_tr64.ops.0.bn1.running_mean", "out_tr.final_conv.weight");
        }
    }

    @Test
    void positionsOfAnotherSizeOfCropAreInterpolated() throws IOException {
        Path file = folder.resolve("unetr.pt");
        UnetrEncoder encoder = new UnetrEncoder(3, 1, List.of(32, 32, 32), new UnetrForm(2, 12, 48, 2));
        encoder.initialise(3);
        TorchFile.write(file, new LinkedHashMap<>(encoder.stateDict()));
        String[] settings = {
            "model.encoder=unetr",
            "model.featureSize=2",
            "model.hiddenSize=12",
            "model.heads=2",
            "patch.size=[48, 32, 48]"
        };
        try (SegmentationTraining training = begin(file, settings)) {
            LoadReport report = report(training);
            assertThat(report.adapted())
                    .containsOnly(Map.entry(encoder.positionTable(), "interpolated from 2x2x2 places to 3x2x3"));
            assertThat(report.loaded())
                    .containsExactlyInAnyOrderElementsOf(encoder.state().keySet());
        }
    }

    /** As torch.compile of every part, Lightning Fabric's strategies and FSDP with checkpointing leave names. */
    @ParameterizedTest
    @CsvSource({
        "'', _orig_mod., ",
        "_forward_module., '', ",
        "_forward_module.module., _orig_mod., _checkpoint_wrapped_module.",
        "model._fsdp_wrapped_module., _fsdp_wrapped_module., _checkpoint_wrapped_module.",
        "ema_model.module., '', "
    })
    void weightsBehindWrappersLoadWhole(String before, String within, @Nullable String last) throws IOException {
        UNetEncoder encoder = new UNetEncoder(3, 1, List.of(4, 8, 8), UNetForm.LIGHT, FeatureNorm.GROUP);
        encoder.initialise(3);
        Map<String, Tensor> wrapped = new LinkedHashMap<>();
        encoder.stateDict().forEach((name, value) -> {
            int first = name.indexOf('.') + 1;
            int end = name.lastIndexOf('.') + 1;
            wrapped.put(
                    before
                            + name.substring(0, first)
                            + within
                            + name.substring(first, end)
                            + (last == null ? "" : last)
                            + name.substring(end),
                    value);
        });
        Path file = folder.resolve("wrapped.pt");
        TorchFile.write(file, wrapped);
        try (SegmentationTraining training = begin(file, "model.channels=[4, 8, 8]", "patch.size=[8, 8, 8]")) {
            assertThat(report(training).loaded())
                    .containsExactlyInAnyOrderElementsOf(encoder.stateDict().keySet());
            assertThat(report(training).unused()).isEmpty();
        }
    }

    /** What {@code torch.save({"conv.weight": array})} writes of numpy's own. */
    @Test
    void numpyArraysInAFileOfTorchAreNamed() throws IOException {
        Path file = folder.resolve("numpy.pt");
        String pickle = "\u0080\u0002}X\u000b\u0000\u0000\u0000conv.weightcnumpy._core.multiarray\n_reconstruct\n"
                + "(cnumpy\nndarray\nK\u0000\u0085U\u0001btR(K\u0001K\u0002\u0085Ntbs.";
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setMethod(ZipOutputStream.STORED);
            store(zip, "archive/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1));
            store(zip, "archive/version", "3\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        assertThatThrownBy(() -> PretrainedWeights.read(file))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("numpy.pt holds numpy arrays, expected tensors")
                .hasMessageContaining("torch.from_numpy");
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    @Test
    void aFileOfAnotherNetworkIsRefusedWithTheNearestNames() throws IOException {
        Path file = folder.resolve("other.pt");
        TorchFile.write(file, Map.of("fc.weight", Tensor.of(new float[6], 2, 3)));
        assertThatThrownBy(() -> begin(file, swin(6)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no weight could be loaded")
                .hasMessageContaining("fc.weight");
    }
}
