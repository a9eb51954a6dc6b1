package org.voco4j.network.recognise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.network.block.FeatureNorm;
import org.voco4j.network.head.ContrastNetwork;
import org.voco4j.network.head.ProjectionHead;
import org.voco4j.network.transformer.PatchMerging;
import org.voco4j.network.transformer.SwinUnetr;
import org.voco4j.network.transformer.SwinUnetrEncoder;
import org.voco4j.network.transformer.SwinVersion;
import org.voco4j.network.unet.UNet;
import org.voco4j.network.unet.UNetForm;
import tools.jackson.databind.json.JsonMapper;

class ArchitectureTest {

    private static Map<String, long[]> shapes(Module network, String prefix) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        network.stateDict().forEach((name, tensor) -> shapes.put(prefix + name, tensor.shape()));
        return shapes;
    }

    /** Of lines "name size size …". */
    private static Map<String, long[]> shapes(String... lines) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ");
            shapes.put(
                    words[0],
                    Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray());
        }
        return shapes;
    }

    /** A network of the original implementations, from its section of the list. */
    private static Map<String, long[]> original(String section) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(ArchitectureTest.class.getResourceAsStream("/reference/network_shapes.txt")),
                StandardCharsets.UTF_8))) {
            String[] lines = in.lines()
                    .dropWhile(line -> !line.equals("[" + section + "]"))
                    .skip(1)
                    .takeWhile(line -> !line.startsWith("["))
                    .toArray(String[]::new);
            assertThat(lines).as(section).isNotEmpty();
            return shapes(lines);
        }
    }

    private static String only(Map<String, long[]> shapes) {
        List<Architecture> found = Architecture.recognise(shapes);
        assertThat(found).hasSize(1);
        assertThat(found.get(0).tensors()).isEqualTo(shapes.size());
        return found.get(0).sentence();
    }

    private static SwinUnetrEncoder swinEncoder(int dims, int in, int features, SwinVersion version) {
        return new SwinUnetrEncoder(dims, in, features, version, PatchMerging.Order.MERGING);
    }

    /** As torch.compile leaves the parts that it was asked to compile, and FSDP or checkpointing those that they wrap. */
    @ParameterizedTest
    @ValueSource(strings = {"_orig_mod.", "_checkpoint_wrapped_module.", "_fsdp_wrapped_module.", "module."})
    void wrappersAmidNamesHideNothing(String wrapper) {
        Map<String, long[]> plain = shapes(swinEncoder(3, 1, 12, SwinVersion.V2), "model.");
        Map<String, long[]> wrapped = new LinkedHashMap<>();
        plain.forEach((name, shape) -> {
            int dot = name.indexOf('.', "model.".length()) + 1;
            wrapped.put(name.substring(0, dot) + wrapper + name.substring(dot), shape);
        });
        assertThat(only(wrapped)).isEqualTo(only(plain)).startsWith("Swin-UNETR encoder v2");
    }

    @ParameterizedTest
    @CsvSource({
        "3, 1, 12, 14, V2, 'Swin-UNETR v2 (dims 3, input channels 1, feature size 12, classes 14, patch 2, window 7, "
                + "depths [2, 2, 2, 2], heads [3, 6, 12, 24]), 167 tensors'",
        "3, 4, 6, 3, V1, 'Swin-UNETR v1 (dims 3, input channels 4, feature size 6, classes 3, patch 2, window 7, "
                + "depths [2, 2, 2, 2], heads [3, 6, 12, 24]), 159 tensors'",
        "2, 3, 12, 4, V2, 'Swin-UNETR v2 (dims 2, input channels 3, feature size 12, classes 4, patch 2, window 7, "
                + "depths [2, 2, 2, 2], heads [3, 6, 12, 24]), 167 tensors'",
    })
    void swinUnetrWhole(int dims, int in, int features, int classes, SwinVersion version, String sentence) {
        SwinUnetr network = new SwinUnetr(dims, in, features, classes, version, PatchMerging.Order.MERGINGV2);
        assertThat(only(shapes(network, ""))).isEqualTo(sentence);
    }

    @Test
    void swinUnetrWithTheClassifierOfTheReleasedCode() {
        SwinUnetr network = new SwinUnetr(3, 1, 6, 14, SwinVersion.V2, PatchMerging.Order.MERGING);
        Map<String, long[]> shapes = shapes(network, "module.");
        shapes.keySet().removeIf(name -> name.startsWith("module.out."));
        assertThat(only(shapes)).startsWith("Swin-UNETR without its last layer v2 (dims 3, input channels 1,");
        shapes.putAll(shapes("module.head.weight 3 6", "module.head.bias 3"));
        assertThat(only(shapes))
                .isEqualTo("Swin-UNETR classifier v2 (dims 3, input channels 1, feature size 6, classes 3, patch 2, "
                        + "window 7, depths [2, 2, 2, 2], heads [3, 6, 12, 24]), 167 tensors under module.");
    }

    @Test
    void theTransformerAloneUnderBothNames() {
        Map<String, long[]> shapes = shapes(swinEncoder(3, 1, 12, SwinVersion.V1), "");
        shapes.keySet().removeIf(name -> !name.startsWith("swinViT."));
        String facts = "(dims 3, input channels 1, feature size 12, patch 2, window 7, depths [2, 2, 2, 2], heads "
                + "[3, 6, 12, 24])";
        assertThat(only(shapes)).isEqualTo("Swin-UNETR transformer v1 " + facts + ", 126 tensors under swinViT.");
        Map<String, long[]> bare = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> bare.put(name.replace("swinViT.", "module."), shape));
        assertThat(only(bare)).isEqualTo("Swin-UNETR transformer v1 " + facts + ", 126 tensors under module.");
    }

    @Test
    void twoProjectorsOnOneEncoder() {
        ContrastNetwork network = ContrastNetwork.withTeacher(
                swinEncoder(3, 1, 6, SwinVersion.V2), 64, 32, ProjectionHead.Norm.HIDDEN, Precision.FP32);
        assertThat(Architecture.recognise(shapes(network, "module.")).stream().map(Architecture::sentence))
                .satisfiesExactlyInAnyOrder(
                        encoder -> assertThat(encoder)
                                .startsWith("Swin-UNETR encoder v2")
                                .endsWith("145 tensors under module.backbone."),
                        student -> assertThat(student)
                                .isEqualTo("VoCo projector (in 144, hidden 64, out 32), student, 6 tensors under"
                                        + " module.student."),
                        teacher -> assertThat(teacher).contains("teacher, 6 tensors under module.teacher."));
    }

    @Test
    void studentAndTeacherOfARunWithTheirProjectors() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (String role : List.of("student", "teacher")) {
            SwinUnetrEncoder encoder = swinEncoder(3, 1, 6, SwinVersion.V2);
            ContrastNetwork network = new ContrastNetwork(encoder, 64, 32, ProjectionHead.Norm.HIDDEN);
            shapes.putAll(shapes(network, "module." + role + "."));
        }
        List<Architecture> found = Architecture.recognise(shapes);
        assertThat(found).hasSize(4);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("dims", 3);
        facts.put("inputChannels", 1L);
        facts.put("featureSize", 6L);
        facts.put("patch", 2L);
        facts.put("window", 7L);
        facts.put("depths", List.of(2, 2, 2, 2));
        facts.put("heads", List.of(3L, 6L, 12L, 24L));
        assertThat(found.get(0))
                .isEqualTo(
                        new Architecture("Swin-UNETR encoder", "v2", true, facts, "module.student.", "student", 145));
        assertThat(found.get(0).hyperParameters().keySet()).containsExactlyElementsOf(facts.keySet());
        assertThat(found.get(1).sentence())
                .isEqualTo("VoCo projector (in 144, hidden 64, out 32), student, 6 tensors under "
                        + "module.student.proj_head.");
        assertThat(found.get(2))
                .isEqualTo(
                        new Architecture("Swin-UNETR encoder", "v2", true, facts, "module.teacher.", "teacher", 145));
        assertThat(found.get(3).role()).isEqualTo("teacher");
        assertThat(JsonMapper.shared().writeValueAsString(found.get(3)))
                .isEqualTo(
                        "{\"name\":\"VoCo projector\",\"version\":null,\"ours\":true,\"hyperParameters\":{\"in\":144,"
                                + "\"hidden\":64,\"out\":32},\"prefix\":\"module.teacher.proj_head.\",\"role\":\"teacher\","
                                + "\"tensors\":6}");
    }

    @ParameterizedTest
    @CsvSource({
        "3, BASIC, INSTANCE, 'BasicUNet (dims 3, input channels 2, channels [4, 8, 8], last channels 6, classes 3, norm "
                + "unknown)'",
        "3, LIGHT, GROUP, 'light U-Net (dims 3, input channels 2, channels [4, 8, 8], last channels 6, classes 3, norm "
                + "unknown)'",
        "2, BASIC, BATCH, 'BasicUNet (dims 2, input channels 2, channels [4, 8, 8], last channels 6, classes 3, norm "
                + "batch)'",
    })
    void theUNetsOfThisHouse(int dims, UNetForm form, FeatureNorm norm, String sentence) {
        UNet network = new UNet(dims, 2, List.of(4, 8, 8), 6, 3, form, norm);
        Map<String, long[]> shapes = shapes(network, "");
        assertThat(only(shapes)).isEqualTo(sentence + ", " + shapes.size() + " tensors");
        Map<String, long[]> encoder = shapes(network.encoder(), "encoder.");
        assertThat(only(encoder))
                .startsWith(sentence.substring(0, sentence.indexOf(" (")) + " encoder (dims")
                .endsWith("channels [4, 8, 8], norm "
                        + norm.name().toLowerCase(Locale.ROOT).replaceAll("instance|group", "unknown") + "), "
                        + encoder.size() + " tensors under encoder.");
    }

    @ParameterizedTest
    @CsvSource({
        "unetr_small, 'UNETR (dims 3, input channels 1, feature size 4, classes 5, hidden size 24, mlp 48, depth 12, "
                + "patch 16, patch embedding convolution, places 12), 254 tensors'",
        "unetr2d_perceptron, 'UNETR (dims 2, input channels 2, feature size 4, classes 3, hidden size 24, mlp 48, depth "
                + "12, patch 16, patch embedding perceptron, places 16, grid if cubic 4), 254 tensors'",
        "unet_small, 'MONAI UNet (dims 3, input channels 1, channels [4, 8, 16], classes 5, residual units 2, norm "
                + "unknown), 35 tensors'",
        "unet2d_plain_batch, 'MONAI UNet (dims 2, input channels 3, channels [4, 8, 16, 32], classes 5, norm batch), 50 "
                + "tensors'",
        "resnet10_small, 'ResNet (dims 3, input channels 1, depth 10, block basic, blocks [1, 1, 1, 1], widths [4, 8, "
                + "16, 32], classes 3, shortcut B, shortcut bias no), 74 tensors'",
        "resnet50_narrow, 'ResNet (dims 3, input channels 1, depth 50, block bottleneck, blocks [3, 4, 6, 3], widths "
                + "[2, 4, 8, 16], classes 7, shortcut B, shortcut bias yes), 324 tensors'",
        "resnet18_a, 'ResNet encoder (dims 2, input channels 3, depth 18, block basic, blocks [2, 2, 2, 2], widths [2, "
                + "4, 8, 16], shortcut A, shortcut bias no), 102 tensors'",
        "densenet_small, 'DenseNet (dims 3, input channels 1, initial features 8, growth 4, layers [2, 2], bottleneck "
                + "factor 4, classes 3), 67 tensors'",
    })
    void networksOfMonai(String section, String sentence) throws IOException {
        Map<String, long[]> shapes = original(section);
        assertThat(only(shapes)).isEqualTo(sentence);
        Map<String, long[]> wrapped = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> wrapped.put("module.model." + name, shape));
        assertThat(only(wrapped)).isEqualTo(sentence + " under module.model.");
    }

    @Test
    void encodersAloneAreSaidToBeThat() throws IOException {
        Map<String, long[]> unetr = original("unetr_small");
        unetr.keySet().removeIf(name -> name.startsWith("decoder") || name.startsWith("out."));
        assertThat(only(unetr)).startsWith("UNETR encoder (");
        Map<String, long[]> unet = original("unet_small");
        unet.keySet().removeIf(name -> name.startsWith("model.2.") || name.startsWith("model.1.submodule.2."));
        assertThat(only(unet)).startsWith("MONAI UNet encoder (").contains("channels [4, 8, 16]");
        Map<String, long[]> dense = original("densenet_small");
        dense.keySet().removeIf(name -> name.startsWith("class_layers."));
        assertThat(only(dense)).startsWith("DenseNet encoder (");
    }

    @Test
    void theUNetOfModelsGenesis() {
        Map<String, long[]> shapes = shapes(
                "module.down_tr64.ops.0.conv1.weight 32 1 3 3 3",
                "module.down_tr64.ops.0.bn1.running_mean 32",
                "module.up_tr256.up_conv.weight 512 512 2 2 2",
                "module.out_tr.final_conv.weight 2 64 1 1 1");
        assertThat(only(shapes))
                .isEqualTo("U-Net of Models Genesis (dims 3, input channels 1, width 32, classes 2, norm batch), 4 "
                        + "tensors under module.");
    }

    @ParameterizedTest
    @CsvSource({
        "encoder.stages.0.0.convs.0.conv.weight, nnU-Net PlainConvUNet",
        "encoder.stages.0.blocks.0.conv1.conv.weight, nnU-Net ResidualEncoderUNet",
    })
    void nnUNetIsKnownByName(String name, String said) {
        Map<String, long[]> shapes = shapes(name + " 32 1 3 3 3", "decoder.seg_layers.0.weight 2 320 1 1 1");
        assertThat(only(shapes)).isEqualTo(said + " (dims 3), not one of ours, 2 tensors");
    }

    @Test
    void whatIsNotKnownIsSaidToBe() throws IOException {
        assertThat(Architecture.recognise(Map.of())).isEmpty();
        assertThat(only(shapes("module.conv_seg.0.weight 2 3 1 1 1", "other 7")))
                .isEqualTo("unknown (parts [conv_seg, other]), 2 tensors");
        Map<String, long[]> shapes = original("resnet10_small");
        shapes.put("conv_seg.0.weight", new long[] {2, 3, 1, 1, 1});
        assertThat(Architecture.recognise(shapes))
                .extracting(Architecture::sentence)
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("ResNet (dims 3"),
                        second -> assertThat(second).isEqualTo("unknown (parts [conv_seg]), 1 tensor"));
    }

    @Test
    void oddShapesUnderKnownNamesAreNoError() throws IOException {
        for (String section : List.of("unetr_small", "unet_small", "resnet10_small", "densenet_small")) {
            Map<String, long[]> shapes = original(section);
            shapes.replaceAll((name, shape) -> new long[0]);
            assertThat(only(shapes)).startsWith("unknown (parts [");
            Map<String, long[]> zeros = original(section);
            zeros.replaceAll((name, shape) -> new long[shape.length]);
            assertThat(Architecture.recognise(zeros)).isNotEmpty();
        }
        Map<String, long[]> swin = shapes(swinEncoder(3, 1, 6, SwinVersion.V2), "");
        swin.replaceAll((name, shape) -> name.endsWith("table") ? new long[] {147, 3} : shape);
        assertThat(only(swin)).startsWith("Swin-UNETR encoder v2").doesNotContain("window");
    }
}
