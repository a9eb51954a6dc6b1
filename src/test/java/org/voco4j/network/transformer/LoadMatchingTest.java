package org.voco4j.network.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.voco4j.Tensors;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.nn.LoadRequest;
import org.voco4j.engine.nn.Role;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.head.ContrastNetwork;
import org.voco4j.network.head.ProjectionHead;

/** What of the published forms of Swin-UNETR's weights arrives in which network, counted. */
class LoadMatchingTest {
    private static SwinUnetr whole(int dims, int in, int classes) {
        return new SwinUnetr(dims, in, 6, classes, SwinVersion.V2, PatchMerging.Order.MERGING);
    }

    private static SwinUnetrEncoder encoder(SwinVersion version) {
        return new SwinUnetrEncoder(3, 1, 6, version, PatchMerging.Order.MERGING);
    }

    /** What VoCo's released code saves: student and teacher of encoder and projector, in a wrapper for several GPUs. */
    private static Map<String, Tensor> vocoFile() {
        Map<String, Tensor> file = new LinkedHashMap<>();
        for (String role : List.of("student", "teacher")) {
            ContrastNetwork network = new ContrastNetwork(encoder(SwinVersion.V2), 8, 8, ProjectionHead.Norm.HIDDEN);
            Tensors.fillWithHashNumbers(network.weights(), role + ".");
            network.stateDict().forEach((name, tensor) -> file.put("module." + role + "." + name, tensor));
        }
        return file;
    }

    private static Map<String, Tensor> renamed(Map<String, Tensor> tensors, UnaryOperator<String> rule) {
        Map<String, Tensor> renamed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> renamed.put(rule.apply(name), tensor));
        return renamed;
    }

    private static float[] values(Map<String, Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name).toFloats();
    }

    private static LoadRequest request(@Nullable Role role, int in) {
        return new LoadRequest(name -> true, role, in, List.of());
    }

    @Test
    void aFileOfTheWholeNetworkLoadsWhole() {
        SwinUnetr source = whole(3, 1, 14);
        Tensors.fillWithHashNumbers(source.weights(), "");
        SwinUnetr target = whole(3, 1, 14);
        assertThat(target.loadMatching(source.stateDict(), name -> true).sentence())
                .isEqualTo("loaded 167 of 167");
        source.weights()
                .keySet()
                .forEach(name ->
                        assertThat(values(target.weights(), name)).as(name).isEqualTo(values(source.weights(), name)));
        assertThat(target.loadMatching(source.weights(), name -> true).sentence())
                .as("without the constants, as we wrote files once")
                .isEqualTo("loaded 159 of 159");
    }

    @Test
    void ofAPreTrainingTheStudentIsLoadedAndTheDecoderIsLeft() {
        Map<String, Tensor> file = vocoFile();
        SwinUnetr target = whole(3, 1, 14);
        assertThat(target.loadMatching(file, name -> true).sentence())
                .isEqualTo("loaded 145 of 167: 22 left out (decoder5.…, decoder4.…, decoder3.…, decoder2.…, "
                        + "decoder1.…, out.…: not in file); 157 of the file unused (proj_head.…, module.teacher.…); "
                        + "module.student. taken off the names");
        String name = "encoder10.layer.conv1.conv.weight";
        assertThat(values(target.weights(), name)).isEqualTo(values(file, "module.student." + name));
    }

    @Test
    void ofTheLaterPreTrainingTheBackboneIsLoaded() {
        ContrastNetwork network =
                ContrastNetwork.withTeacher(encoder(SwinVersion.V2), 8, 8, ProjectionHead.Norm.HIDDEN, Precision.FP32);
        Tensors.fillWithHashNumbers(network.weights(), "");
        SwinUnetr target = whole(3, 1, 14);
        assertThat(target.loadMatching(renamed(network.stateDict(), name -> "module." + name), name -> true)
                        .sentence())
                .isEqualTo("loaded 145 of 167: 22 left out (decoder5.…, decoder4.…, decoder3.…, decoder2.…, "
                        + "decoder1.…, out.…: not in file); 12 of the file unused (module.student.…, module.teacher.…); "
                        + "module.backbone. taken off the names");
        String name = "encoder10.layer.conv1.conv.weight";
        assertThat(values(target.weights(), name)).isEqualTo(values(network.weights(), "backbone." + name));
    }

    @Test
    void theTeacherIsLoadedWhereItIsAskedFor() {
        Map<String, Tensor> file = vocoFile();
        SwinUnetr target = whole(3, 1, 14);
        LoadReport report = target.loadMatching(file, request(Role.TEACHER, 1));
        assertThat(report.loaded()).hasSize(145);
        assertThat(report.names().removed()).isEqualTo("module.teacher.");
        String name = "swinViT.patch_embed.proj.weight";
        assertThat(values(target.weights(), name))
                .isEqualTo(values(file, "module.teacher." + name))
                .isNotEqualTo(values(file, "module.student." + name));
        assertThatThrownBy(() -> target.loadMatching(whole(3, 1, 14).stateDict(), request(Role.TEACHER, 1)))
                .hasMessageContaining("no weights of a teacher");
    }

    @Test
    void otherClassesAreLeftOutAndOtherInputChannelsAdapted() {
        SwinUnetr source = whole(3, 1, 14);
        Tensors.fillWithHashNumbers(source.weights(), "");
        assertThat(whole(3, 4, 5)
                        .loadMatching(source.stateDict(), request(null, 4))
                        .sentence())
                .isEqualTo("loaded 165 of 167: 2 left out (out.conv.conv.weight: [14, 6, 1, 1, 1] in the file, "
                        + "[5, 6, 1, 1, 1] here; out.conv.conv.bias: [14] in the file, [5] here); 3 adapted "
                        + "(swinViT.…, encoder1.…: input channels 1 in the file, 4 here: their sum divided by 4 for "
                        + "each)");
    }

    @Test
    void aTransformerAloneUnderOldNamesFindsItsPlace() {
        SwinUnetrEncoder source = encoder(SwinVersion.V1);
        Tensors.fillWithHashNumbers(source.weights(), "");
        Map<String, Tensor> file = new LinkedHashMap<>(source.stateDict());
        file.keySet().removeIf(name -> !name.startsWith("swinViT."));
        file = renamed(file, name -> name.replace("swinViT.", "module.").replace("mlp.linear", "mlp.fc"));
        assertThat(file).hasSize(126).containsKey("module.layers4.0.blocks.1.mlp.fc2.bias");
        LoadReport report = encoder(SwinVersion.V1).loadMatching(file, name -> true);
        assertThat(report.sentence())
                .isEqualTo("loaded 126 of 137: 11 left out (encoder1.…, encoder2.…, encoder3.…, encoder4.…, "
                        + "encoder10.…: not in file); module. taken off the names, swinViT. put before the names, "
                        + "mlp.fc1 read as mlp.linear1, mlp.fc2 read as mlp.linear2");
    }

    @Test
    void weightsOfAPlaneAreRefused() {
        assertThatThrownBy(() -> whole(3, 1, 14).loadMatching(whole(2, 1, 14).stateDict(), name -> true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weights of a 2-D network do not fit a 3-D one: swinViT.patch_embed.proj.weight is "
                        + "[6, 1, 2, 2] in the file, [6, 1, 2, 2, 2] here");
    }
}
