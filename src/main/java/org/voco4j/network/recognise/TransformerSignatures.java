package org.voco4j.network.recognise;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** By what networks with transformers are known, and the projector that is trained with one. */
final class TransformerSignatures {
    private static final long UNETR_PATCH = 16; // MONAI's UNETR has no other

    private TransformerSignatures() {}

    /** Swin-UNETR whole, with a classifier, its encoder, or its transformer alone. */
    static @Nullable RecognisedNetwork swin(TensorShapes shapes) {
        for (String base : List.of("swinViT.", "swin_vit.", "")) {
            String patch = base + "patch_embed.proj.weight";
            String table = base + "layers%d.0.blocks.0.attn.relative_position_bias_table";
            int dims = shapes.dims(patch);
            if (dims > 0 && shapes.has(table.formatted(1))) {
                return swin(shapes, base, dims)
                        .with("dims", dims)
                        .with("inputChannels", shapes.size(patch, 1))
                        .with("featureSize", shapes.size(patch, 0))
                        .with(
                                "classes",
                                Math.max(shapes.size("out.conv.conv.weight", 0), shapes.size("head.weight", 0)))
                        .with("patch", shapes.size(patch, 2))
                        .with("window", (TensorShapes.edge(shapes.size(table.formatted(1), 0), dims) + 1) / 2)
                        .with("depths", depths(shapes, base))
                        .with("heads", shapes.sizes(table, 1, 1));
            }
        }
        return null;
    }

    private static RecognisedNetwork swin(TensorShapes shapes, String base, int dims) {
        String version = shapes.dims(base + "layers1c.0.layer.conv1.conv.weight") == dims ? "v2" : "v1";
        String transformer = base.isEmpty() ? "patch_embed|layers\\d+c?" : base.substring(0, base.length() - 1);
        if (!shapes.has("encoder1.layer.conv1.conv.weight")) {
            return new RecognisedNetwork("Swin-UNETR transformer", version, true, transformer).within(base);
        }
        boolean decoder = shapes.has("decoder1.transp_conv.conv.weight");
        boolean head = shapes.has("head.weight");
        String name = !decoder
                ? "Swin-UNETR encoder"
                : shapes.has("out.conv.conv.weight")
                        ? "Swin-UNETR"
                        : head ? "Swin-UNETR classifier" : "Swin-UNETR without its last layer";
        return new RecognisedNetwork(
                name, version, true, transformer + "|encoder\\d+|decoder\\d+|out" + (decoder && head ? "|head" : ""));
    }

    private static List<Integer> depths(TensorShapes shapes, String base) {
        List<Integer> depths = new ArrayList<>();
        for (int stage = 1; ; stage++) {
            int blocks = shapes.count(base + "layers" + stage + ".0.blocks.%d.attn.qkv.weight", 0);
            if (blocks == 0) {
                return depths;
            }
            depths.add(blocks);
        }
    }

    /** What VoCo compares features behind; in {@code proj_head}, or where TPAMI's code has two, in {@code student} and {@code teacher}. */
    static @Nullable RecognisedNetwork projector(TensorShapes shapes) {
        for (String base : List.of("proj_head.", "")) {
            String layer = base + "layer%d.0.weight";
            if (shapes.count(layer, 1) == 3) {
                return new RecognisedNetwork("VoCo projector", null, true, base.isEmpty() ? "layer[123]" : "proj_head")
                        .within(base)
                        .with("in", shapes.size(layer.formatted(1), 1))
                        .with("hidden", shapes.size(layer.formatted(1), 0))
                        .with("out", shapes.size(layer.formatted(3), 0));
            }
        }
        return null;
    }

    /** UNETR whole or its encoder; how many heads it has no shape tells. */
    static @Nullable RecognisedNetwork unetr(TensorShapes shapes) {
        String positions = "vit.patch_embedding.position_embeddings";
        String first = "encoder1.layer.conv1.conv.weight";
        String convolution = "vit.patch_embedding.patch_embeddings.weight";
        int dims = shapes.dims(first);
        if (dims == 0 || !shapes.has(positions) || !shapes.has("encoder2.transp_conv_init.conv.weight")) {
            return null;
        }
        long places = shapes.size(positions, 1);
        long edge = TensorShapes.edge(places, dims);
        boolean decoder = shapes.has("decoder2.transp_conv.conv.weight");
        RecognisedNetwork unetr = new RecognisedNetwork(
                        decoder ? "UNETR" : "UNETR encoder", null, true, "vit|encoder\\d+|decoder\\d+|out")
                .with("dims", dims)
                .with("inputChannels", shapes.size(first, 1))
                .with("featureSize", shapes.size(first, 0))
                .with("classes", shapes.size("out.conv.conv.weight", 0))
                .with("hiddenSize", shapes.size(positions, 2))
                .with("mlp", shapes.size("vit.blocks.0.mlp.linear1.weight", 0))
                .with("depth", shapes.count("vit.blocks.%d.attn.qkv.weight", 0))
                .with("patch", patch(shapes, convolution, dims))
                .with("patchEmbedding", shapes.has(convolution) ? "convolution" : "perceptron")
                .with("places", places);
        return unetr.with("gridIfCubic", edge); // 0, and so left out, where it cannot be
    }

    /** Voxels of a patch, one number where its axes have as many. */
    private static Object patch(TensorShapes shapes, String convolution, int dims) {
        List<Long> edges = new ArrayList<>();
        for (int axis = 0; axis < dims; axis++) {
            edges.add(shapes.has(convolution) ? shapes.size(convolution, 2 + axis) : UNETR_PATCH);
        }
        return edges.stream().distinct().count() == 1 ? edges.get(0) : edges;
    }
}
