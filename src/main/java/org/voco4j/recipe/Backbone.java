package org.voco4j.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.network.DenseNetEncoder;
import org.voco4j.network.DenseNetForm;
import org.voco4j.network.FeatureNorm;
import org.voco4j.network.MonaiUNet;
import org.voco4j.network.MonaiUNetEncoder;
import org.voco4j.network.PatchMerging;
import org.voco4j.network.ResNetEncoder;
import org.voco4j.network.ResNetForm;
import org.voco4j.network.SegmentationNetwork;
import org.voco4j.network.SwinUnetr;
import org.voco4j.network.SwinUnetrEncoder;
import org.voco4j.network.SwinVersion;
import org.voco4j.network.UNet;
import org.voco4j.network.UNet3d;
import org.voco4j.network.UNet3dEncoder;
import org.voco4j.network.UNetEncoder;
import org.voco4j.network.UNetForm;
import org.voco4j.network.Unetr;
import org.voco4j.network.UnetrEncoder;
import org.voco4j.network.UnetrForm;
import org.voco4j.volume.Shape3;

/**
 * How a network is put together: what {@code model} says in recipes of both kinds. Each encoder has its keys; the others do
 * not count.
 *
 * @param channels per level
 * @param featureSize f of Swin-UNETR and UNETR, the width of the 3-D U-Net, the growth of a DenseNet
 * @param depth layers of a ResNet or DenseNet; null for 18 and 121
 * @param hiddenSize numbers of a token of UNETR
 * @param heads of UNETR's attention
 */
public record Backbone(
        Name encoder,
        List<Integer> channels,
        UNetForm form,
        FeatureNorm norm,
        int featureSize,
        SwinVersion swin,
        PatchMerging.Order merging,
        @Nullable Integer depth,
        int hiddenSize,
        int heads) {
    static final int CHANNELS = 1; // of a CT

    private static final int DIMS = 3;
    private static final int PERCEPTRON = 4; // hidden numbers of a transformer block for each number of a token

    /** The encoders there are. */
    public enum Name {
        /** The contracting path of a 3-D U-Net: a small one of ours, or MONAI's BasicUNet. */
        UNET("channels form norm"),
        /** The transformer of Swin-UNETR with the convolutions beside it. */
        SWIN_UNETR("featureSize swin merging"),
        /** The vision transformer of UNETR with the convolutions beside it. */
        UNETR("featureSize hiddenSize heads"),
        /** The contracting path of the 3-D U-Net that the paper's tables compare, Models Genesis'. */
        UNET_3D("featureSize norm"),
        /** The contracting path of MONAI's UNet with residual units. */
        MONAI_UNET("channels"),
        /** MONAI's ResNet. */
        RESNET("channels depth"),
        /** The ResNet whose weights MedicalNet publishes. */
        MEDICALNET("channels depth"),
        /** MONAI's DenseNet. */
        DENSENET("featureSize depth");

        private final String keys;

        Name(String keys) {
            this.keys = keys;
        }

        /** The name as recipes write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Checks the group. */
    public Backbone {
        if (channels.isEmpty() || channels.stream().anyMatch(c -> c < 1)) {
            throw new IllegalArgumentException("model.channels must be one number above 0 per level, not " + channels);
        }
    }

    /**
     * Checks what a segmentation network needs beyond an encoder.
     *
     * @throws IllegalArgumentException if there is none, or it cannot take patches of that size
     */
    void requireSegmentation(Shape3 patch) {
        switch (encoder) {
            case UNET -> requireUNet(patch);
            case RESNET, MEDICALNET, DENSENET ->
                throw new IllegalArgumentException("model.encoder " + encoder
                        + " has no way back up to the voxels; segmentation has unet, swin-unetr, unetr, unet-3d and"
                        + " monai-unet");
            default -> {} // what patches they take, the network itself says
        }
    }

    private void requireUNet(Shape3 patch) {
        int levels = channels.size();
        if (levels < 2 || levels > 8 || channels.stream().anyMatch(c -> c < 2)) {
            throw new IllegalArgumentException(
                    "model.channels must be 2 to 8 numbers, each at least 2, not " + channels);
        }
        if (Math.min(patch.x(), Math.min(patch.y(), patch.z())) < 1 << levels) {
            throw new IllegalArgumentException("patch.size needs at least " + (1 << levels)
                    + " voxels per axis for the " + levels + " levels of model.channels, not " + patch);
        }
    }

    /**
     * What pre-training teaches, without weights yet.
     *
     * @param crop voxels of what it will be given; only UNETR is built for a size
     * @throws IllegalArgumentException if it cannot be built so
     */
    Encoder encode(Shape3 crop) {
        return switch (encoder) {
            case UNET -> new UNetEncoder(DIMS, CHANNELS, channels, form, norm);
            case SWIN_UNETR -> new SwinUnetrEncoder(DIMS, CHANNELS, featureSize, swin, merging);
            case UNETR -> new UnetrEncoder(DIMS, CHANNELS, edges(crop), unetr());
            case UNET_3D -> new UNet3dEncoder(DIMS, CHANNELS, featureSize, norm);
            case MONAI_UNET -> new MonaiUNetEncoder(DIMS, CHANNELS, channels);
            case RESNET -> new ResNetEncoder(DIMS, CHANNELS, resNet(ResNetForm.monai(layers(18))));
            case MEDICALNET -> new ResNetEncoder(DIMS, CHANNELS, resNet(ResNetForm.medicalNet(layers(18))));
            case DENSENET -> new DenseNetEncoder(DIMS, CHANNELS, denseNet());
        };
    }

    /**
     * The network around it that gives voxels classes, without weights yet.
     *
     * @param channelsIn of the scans
     * @param classes the background among them
     * @throws IllegalArgumentException if it cannot be built so
     */
    SegmentationNetwork segment(int channelsIn, int classes, Shape3 patch) {
        return switch (encoder) {
            case UNET -> new UNet(DIMS, channelsIn, channels, classes, form, norm);
            case SWIN_UNETR -> new SwinUnetr(DIMS, channelsIn, featureSize, classes, swin, merging);
            case UNETR -> new Unetr(DIMS, channelsIn, edges(patch), unetr(), classes);
            case UNET_3D -> new UNet3d(DIMS, channelsIn, featureSize, classes, norm);
            case MONAI_UNET -> new MonaiUNet(DIMS, channelsIn, channels, classes);
            case RESNET, MEDICALNET, DENSENET -> throw new IllegalArgumentException(encoder + " does not segment");
        };
    }

    private static List<Integer> edges(Shape3 shape) {
        return List.of(shape.x(), shape.y(), shape.z());
    }

    private UnetrForm unetr() {
        return new UnetrForm(featureSize, hiddenSize, PERCEPTRON * hiddenSize, heads);
    }

    private ResNetForm resNet(ResNetForm standard) {
        return new ResNetForm(standard.block(), standard.blocks(), channels, standard.stride(), standard.shortcut());
    }

    private DenseNetForm denseNet() {
        return new DenseNetForm(
                2 * featureSize, featureSize, DenseNetForm.ofDepth(layers(121)).layers());
    }

    private int layers(int otherwise) {
        return depth == null ? otherwise : depth;
    }

    /** What a file of weights says about the network they are of, beside their names and shapes: key → value. */
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("channels", channels.toString());
        facts.put("form", lower(form));
        facts.put("norm", lower(norm));
        facts.put("featureSize", Integer.toString(featureSize));
        facts.put("swin", lower(swin));
        facts.put("merging", lower(merging));
        facts.put("depth", String.valueOf(depth));
        facts.put("hiddenSize", Integer.toString(hiddenSize));
        facts.put("heads", Integer.toString(heads));
        facts.keySet().retainAll(Set.of(encoder.keys.split(" ")));
        facts.put("encoder", encoder.toString());
        return facts;
    }

    /** Those that names and shapes do not show: with others, weights would fit and mean something else. */
    Map<String, String> hiddenFacts() {
        Map<String, String> facts = facts();
        facts.keySet().retainAll(Set.of("norm", "merging", "heads"));
        if (norm == FeatureNorm.BATCH) {
            facts.remove("norm"); // pre-trained without, fine-tuned with batch norm: as the compared methods are
        }
        return facts;
    }

    private static String lower(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }
}
