package org.voco4j.network.recognise;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** By what convolutional networks are known. */
final class ConvolutionSignatures {
    private ConvolutionSignatures() {}

    /** MONAI's BasicUNet and the light form of ours, whole or their encoders. */
    static @Nullable RecognisedNetwork basicUNet(TensorShapes shapes) {
        String first = "conv_0.conv_0.conv.weight";
        String down = "down_%d.convs.conv_0.conv.weight";
        if (shapes.dims(first) == 0 || !shapes.has(down.formatted(1))) {
            return null;
        }
        List<Long> channels = new ArrayList<>(List.of(shapes.size(first, 0)));
        channels.addAll(shapes.sizes(down, 1, 0));
        String name = (shapes.has("conv_0.conv_1.conv.weight") ? "BasicUNet" : "light U-Net")
                + (shapes.has("final_conv.weight") ? "" : " encoder");
        return new RecognisedNetwork(name, null, true, "conv_0|down_\\d+|upcat_\\d+|final_conv")
                .with("dims", shapes.dims(first))
                .with("inputChannels", shapes.size(first, 1))
                .with("channels", channels)
                .with("lastChannels", shapes.size("final_conv.weight", 1))
                .with("classes", shapes.size("final_conv.weight", 0))
                .with("norm", norm(shapes, "conv_0.conv_0.adn.N"));
    }

    /** Batch norm has running averages; instance and group norm have the same names and shapes. */
    private static String norm(TensorShapes shapes, String name) {
        return shapes.has(name + ".running_mean") ? "batch" : "unknown";
    }

    /** MONAI's UNet, whose levels lie inside one another; the strides no shape tells. */
    static @Nullable RecognisedNetwork monaiUNet(TensorShapes shapes) {
        List<Long> channels = new ArrayList<>();
        String place = "model.";
        String unit = unit(shapes, place + "0.");
        if (shapes.dims(unit) == 0 || !shapes.hasAny(name -> name.startsWith("model.1.submodule."))) {
            return null;
        }
        String inner = unit;
        while (!inner.isEmpty()) {
            channels.add(shapes.size(inner, 0));
            place += "1.submodule.";
            inner = unit(shapes, place + "0.");
        }
        channels.add(shapes.size(unit(shapes, place), 0));
        String up = shapes.has("model.2.0.conv.weight") ? "model.2.0.conv.weight" : "model.2.conv.weight";
        return new RecognisedNetwork(shapes.has(up) ? "MONAI UNet" : "MONAI UNet encoder", null, true, "model")
                .with("dims", shapes.dims(unit))
                .with("inputChannels", shapes.size(unit, 1))
                .with("channels", channels)
                .with("classes", shapes.size(up, 1))
                .with("residualUnits", shapes.count("model.0.conv.unit%d.conv.weight", 0))
                .with("norm", norm(shapes, unit.replace("conv.weight", "adn.N")));
    }

    /** The first convolution of a place, in a residual unit or alone; empty if there is none. */
    private static String unit(TensorShapes shapes, String place) {
        String residual = place + "conv.unit0.conv.weight";
        String alone = place + "conv.weight";
        return shapes.has(residual) ? residual : shapes.has(alone) ? alone : "";
    }

    /** MONAI's ResNet, whole or its encoder. */
    static @Nullable RecognisedNetwork resNet(TensorShapes shapes) {
        String first = "layer%d.0.conv1.weight";
        if (shapes.dims("conv1.weight") == 0 || shapes.count(first, 1) != 4) {
            return null;
        }
        boolean bottleneck = shapes.has("layer1.0.conv3.weight");
        List<Integer> blocks = new ArrayList<>();
        for (int level = 1; level <= 4; level++) {
            blocks.add(shapes.count("layer" + level + ".%d.conv1.weight", 0));
        }
        int all = blocks.stream().mapToInt(Integer::intValue).sum();
        String shortcut = "layer2.0.downsample.0.";
        return new RecognisedNetwork(
                        shapes.has("fc.weight") ? "ResNet" : "ResNet encoder", null, true, "conv1|bn1|layer[1-4]|fc")
                .with("dims", shapes.dims("conv1.weight"))
                .with("inputChannels", shapes.size("conv1.weight", 1))
                .with("depth", 2 + (bottleneck ? 3 : 2) * all)
                .with("block", bottleneck ? "bottleneck" : "basic")
                .with("blocks", blocks)
                .with("widths", shapes.sizes(first, 1, 0))
                .with("classes", shapes.size("fc.weight", 0))
                .with("shortcut", shapes.has(shortcut + "weight") ? "B" : "A")
                .with("shortcutBias", shapes.has(shortcut + "bias") ? "yes" : "no");
    }

    /** MONAI's DenseNet, whole or its encoder. */
    static @Nullable RecognisedNetwork denseNet(TensorShapes shapes) {
        String layer = "features.denseblock1.denselayer1.layers.";
        String first = "features.conv0.weight";
        if (shapes.dims(first) == 0 || !shapes.has(layer + "conv2.weight")) {
            return null;
        }
        List<Integer> config = new ArrayList<>();
        int layers;
        do {
            String block = "features.denseblock" + (config.size() + 1) + ".denselayer%d.layers.conv2.weight";
            layers = shapes.count(block, 1);
            if (layers > 0) {
                config.add(layers);
            }
        } while (layers > 0);
        long growth = shapes.size(layer + "conv2.weight", 0);
        String head = "class_layers.out.weight";
        return new RecognisedNetwork(
                        shapes.has(head) ? "DenseNet" : "DenseNet encoder", null, true, "features|class_layers")
                .with("dims", shapes.dims(first))
                .with("inputChannels", shapes.size(first, 1))
                .with("initialFeatures", shapes.size(first, 0))
                .with("growth", growth)
                .with("layers", config)
                .with("bottleneckFactor", growth == 0 ? 0 : shapes.size(layer + "conv1.weight", 0) / growth)
                .with("classes", shapes.size(head, 0));
    }

    /** The U-Net of Models Genesis, whole or its encoder. */
    static @Nullable RecognisedNetwork genesis(TensorShapes shapes) {
        String first = "down_tr64.ops.0.conv1.weight";
        if (shapes.dims(first) == 0) {
            return null;
        }
        String head = "out_tr.final_conv.weight";
        return new RecognisedNetwork(
                        shapes.has(head) ? "U-Net of Models Genesis" : "U-Net encoder of Models Genesis",
                        null,
                        true,
                        "down_tr\\d+|up_tr\\d+|out_tr")
                .with("dims", shapes.dims(first))
                .with("inputChannels", shapes.size(first, 1))
                .with("width", shapes.size(first, 0))
                .with("classes", shapes.size(head, 0))
                .with("norm", norm(shapes, "down_tr64.ops.0.bn1"));
    }

    /** nnU-Net's networks, by name only. */
    static @Nullable RecognisedNetwork nnUNet(TensorShapes shapes) {
        String residual = "encoder.stages.0.blocks.0.conv1.conv.weight";
        String plain = "encoder.stages.0.0.convs.0.conv.weight";
        boolean isResidual = shapes.has(residual);
        if (!isResidual && !shapes.has(plain)) {
            return null;
        }
        return new RecognisedNetwork(
                        "nnU-Net " + (isResidual ? "ResidualEncoderUNet" : "PlainConvUNet"),
                        null,
                        false,
                        "encoder|decoder|seg_layers")
                .with("dims", shapes.dims(isResidual ? residual : plain));
    }
}
