package org.voco4j.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.network.FeatureNorm;
import org.voco4j.network.PatchMerging;
import org.voco4j.network.SegmentationNetwork;
import org.voco4j.network.SwinUnetr;
import org.voco4j.network.SwinUnetrEncoder;
import org.voco4j.network.SwinVersion;
import org.voco4j.network.UNet;
import org.voco4j.network.UNetEncoder;
import org.voco4j.network.UNetForm;
import org.voco4j.volume.Shape3;

/**
 * How a network is put together: what {@code model} says in recipes of both kinds. Which keys count is the encoder's matter.
 *
 * @param channels per level
 * @param featureSize features of a token
 */
public record Backbone(
        Name encoder,
        List<Integer> channels,
        UNetForm form,
        FeatureNorm norm,
        int featureSize,
        SwinVersion swin,
        PatchMerging.Order merging) {
    private static final int DIMS = 3;
    private static final int CHANNELS = 1; // of a CT

    /** The encoders there are. */
    public enum Name {
        /** The contracting path of a 3-D U-Net: a small one of ours, or MONAI's BasicUNet. */
        UNET,
        /** The transformer of Swin-UNETR with the convolutions beside it. */
        SWIN_UNETR;

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
     * @throws IllegalArgumentException if it cannot be built, or cannot take patches of that size
     */
    void requireSegmentation(Shape3 patch) {
        if (encoder == Name.UNET) {
            int levels = channels.size();
            if (levels < 2 || levels > 8 || channels.stream().anyMatch(c -> c < 2)) {
                throw new IllegalArgumentException(
                        "model.channels must be 2 to 8 numbers, each at least 2, not " + channels);
            }
            if (Math.min(patch.x(), Math.min(patch.y(), patch.z())) < 1 << levels) {
                throw new IllegalArgumentException("patch.size needs at least " + (1 << levels)
                        + " voxels per axis for the " + levels + " levels of model.channels, not " + patch);
            }
        } else if (!SwinUnetrEncoder.canTake(patch.x(), patch.y(), patch.z())) {
            throw new IllegalArgumentException("patch.size " + patch + " leaves one voxel at the coarsest level of "
                    + encoder + "; more than 32 voxels are needed along an axis");
        }
    }

    /** What pre-training teaches, without weights yet. */
    Encoder encode() {
        return switch (encoder) {
            case UNET -> new UNetEncoder(DIMS, CHANNELS, channels, form, norm);
            case SWIN_UNETR -> new SwinUnetrEncoder(DIMS, CHANNELS, featureSize, swin, merging);
        };
    }

    /** The network around it that gives voxels classes, without weights yet; {@code classes} has the background among them. */
    SegmentationNetwork segment(int classes) {
        return switch (encoder) {
            case UNET -> new UNet(DIMS, CHANNELS, channels, classes, form, norm);
            case SWIN_UNETR -> new SwinUnetr(DIMS, CHANNELS, featureSize, classes, swin, merging);
        };
    }

    /** What a file of weights says about the network they are of, beside their names and shapes: key → value. */
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("encoder", encoder.toString());
        switch (encoder) {
            case UNET -> {
                facts.put("channels", channels.toString());
                facts.put("form", lower(form));
                facts.put("norm", lower(norm));
            }
            case SWIN_UNETR -> {
                facts.put("featureSize", Integer.toString(featureSize));
                facts.put("swin", lower(swin));
                facts.put("merging", lower(merging));
            }
        }
        return facts;
    }

    /** Those of the facts that names and shapes do not show, so that weights of another network would fit and mean something else. */
    Map<String, String> hiddenFacts() {
        Map<String, String> facts = facts();
        facts.keySet().retainAll(Set.of("norm", "merging"));
        if (norm == FeatureNorm.BATCH) {
            facts.remove("norm"); // trained without, fine-tuned with batch norm: as the compared methods are
        }
        return facts;
    }

    private static String lower(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }
}
