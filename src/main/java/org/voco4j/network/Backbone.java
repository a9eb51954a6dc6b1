package org.voco4j.network;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.ClassificationNetwork;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.network.block.FeatureNorm;
import org.voco4j.network.head.PooledClassifier;
import org.voco4j.network.resnet.DenseNet;
import org.voco4j.network.resnet.DenseNetEncoder;
import org.voco4j.network.resnet.DenseNetForm;
import org.voco4j.network.resnet.ResNet;
import org.voco4j.network.resnet.ResNetEncoder;
import org.voco4j.network.resnet.ResNetForm;
import org.voco4j.network.transformer.PatchMerging;
import org.voco4j.network.transformer.SwinUnetr;
import org.voco4j.network.transformer.SwinUnetrClassifier;
import org.voco4j.network.transformer.SwinUnetrEncoder;
import org.voco4j.network.transformer.SwinVersion;
import org.voco4j.network.transformer.Unetr;
import org.voco4j.network.transformer.UnetrEncoder;
import org.voco4j.network.transformer.UnetrForm;
import org.voco4j.network.unet.MonaiUNet;
import org.voco4j.network.unet.MonaiUNetEncoder;
import org.voco4j.network.unet.UNet;
import org.voco4j.network.unet.UNet3d;
import org.voco4j.network.unet.UNet3dEncoder;
import org.voco4j.network.unet.UNetEncoder;
import org.voco4j.network.unet.UNetForm;

/**
 * How a network is put together: what {@code model} says in recipes of both kinds. Each encoder has its keys; the others do
 * not count.
 *
 * @param channels per level
 * @param featureSize f of Swin-UNETR and UNETR, the width of the 3-D U-Net, the growth of a DenseNet
 * @param depth layers of a ResNet or DenseNet; null for 18 and 121
 * @param hiddenSize numbers of a token of UNETR
 * @param heads of UNETR's attention
 * @param patch voxels of a patch of UNETR along x, y, z
 * @param blocks of UNETR's transformer
 * @param dims 3, or 2 for images of one slice
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
        int heads,
        List<Integer> patch,
        int blocks,
        int dims) {
    /** The channels of a CT. */
    public static final int CHANNELS = 1;

    private static final int MONAI_MULTIPLE = 12; // of SwinUNETR's feature_size
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
        if (dims != 2 && dims != 3) {
            throw new IllegalArgumentException("model.dims must be 2 or 3, not " + dims);
        }
    }

    /**
     * Checks that images are of as many axes as the network: of one slice where it has 2.
     *
     * @param key what the sizes are called
     * @param sizes voxels along each axis; null where nothing is said
     * @throws IllegalArgumentException if they are not
     */
    public void requireAxes(String key, @Nullable List<Integer> sizes) {
        if (dims == 2 ? sizes == null || sizes.get(2) != 1 : sizes != null && sizes.get(2) == 1) {
            throw new IllegalArgumentException(
                    dims == 2
                            ? "model.dims: 2 needs " + key + ": [X, Y, 1], not " + sizes
                            : key + " " + sizes + " has one slice, which needs model.dims: 2");
        }
    }

    /**
     * Checks what a segmentation network needs beyond an encoder.
     *
     * @param patch voxels along each axis
     * @throws IllegalArgumentException if there is none, or it cannot take patches of that size
     */
    public void requireSegmentation(List<Integer> patch) {
        switch (encoder) {
            case UNET -> requireUNet(patch);
            case RESNET, MEDICALNET, DENSENET ->
                throw new IllegalArgumentException("model.encoder " + encoder
                        + " has no way back up to the voxels; segmentation has unet, swin-unetr, unetr, unet-3d and"
                        + " monai-unet");
            default -> {} // what patches they take, the network itself says
        }
    }

    private void requireUNet(List<Integer> patch) {
        int levels = channels.size();
        if (levels < 2 || levels > 8 || channels.stream().anyMatch(c -> c < 2)) {
            throw new IllegalArgumentException(
                    "model.channels must be 2 to 8 numbers, each at least 2, not " + channels);
        }
        if (Collections.min(patch.subList(0, dims)) < 1 << levels) {
            throw new IllegalArgumentException("patch.size needs at least " + (1 << levels)
                    + " voxels per axis for the " + levels + " levels of model.channels, not " + patch.get(0) + "x"
                    + patch.get(1) + "x" + patch.get(2));
        }
    }

    /**
     * What pre-training teaches, without weights yet.
     *
     * @param in channels of what it will be given
     * @param crop its voxels along each axis; only UNETR is built for a size
     * @throws IllegalArgumentException if it cannot be built so
     */
    public Encoder encode(int in, List<Integer> crop) {
        Encoder encoder = encoder(in, crop.subList(0, dims));
        return dims == 2 ? new FlatEncoder(encoder) : encoder;
    }

    private Encoder encoder(int in, List<Integer> crop) {
        return switch (encoder) {
            case UNET -> new UNetEncoder(dims, in, channels, form, norm);
            case SWIN_UNETR -> new SwinUnetrEncoder(dims, in, featureSize, swin, merging);
            case UNETR -> new UnetrEncoder(dims, in, crop, unetr());
            case UNET_3D -> new UNet3dEncoder(dims, in, featureSize, norm);
            case MONAI_UNET -> new MonaiUNetEncoder(dims, in, channels);
            case RESNET -> new ResNetEncoder(dims, in, resNet(ResNetForm.monai(layers(18))));
            case MEDICALNET -> new ResNetEncoder(dims, in, resNet(ResNetForm.medicalNet(layers(18))));
            case DENSENET -> new DenseNetEncoder(dims, in, denseNet());
        };
    }

    /** Why MONAI cannot build the network that these weights are of, as a sentence; null where it can. */
    public @Nullable String unknownToMonai() {
        return encoder == Name.SWIN_UNETR && featureSize % MONAI_MULTIPLE != 0
                ? "model.featureSize " + featureSize + " is no multiple of " + MONAI_MULTIPLE
                        + ", which MONAI's SwinUNETR asks for: these weights load here, and not there."
                : null;
    }

    /**
     * The network around it that gives voxels classes, without weights yet.
     *
     * @param in channels of what it will be given
     * @param classes the background among them
     * @param patch its voxels along each axis
     * @throws IllegalArgumentException if it cannot be built so
     */
    public SegmentationNetwork segment(int in, int classes, List<Integer> patch) {
        SegmentationNetwork network = segmenter(in, classes, patch.subList(0, dims));
        return dims == 2 ? new FlatSegmentation(network) : network;
    }

    private SegmentationNetwork segmenter(int in, int classes, List<Integer> patch) {
        return switch (encoder) {
            case UNET -> new UNet(dims, in, channels, classes, form, norm);
            case SWIN_UNETR -> new SwinUnetr(dims, in, featureSize, classes, swin, merging);
            case UNETR -> new Unetr(dims, in, patch, unetr(), classes);
            case UNET_3D -> new UNet3d(dims, in, featureSize, classes, norm);
            case MONAI_UNET -> new MonaiUNet(dims, in, channels, classes);
            case RESNET, MEDICALNET, DENSENET -> throw new IllegalArgumentException(encoder + " does not segment");
        };
    }

    /**
     * The network around it that gives scans classes, without weights yet: MONAI's where it has one, the released classifier
     * around Swin-UNETR, else {@link PooledClassifier}.
     *
     * @param in channels of what it will be given
     * @param classes what it says of a scan
     * @param scan its voxels along each axis
     * @throws IllegalArgumentException if it cannot be built so
     */
    public ClassificationNetwork classify(int in, int classes, List<Integer> scan) {
        ClassificationNetwork network = classifier(in, classes, scan.subList(0, dims));
        return dims == 2 ? new FlatClassification(network) : network;
    }

    private ClassificationNetwork classifier(int in, int classes, List<Integer> scan) {
        return switch (encoder) {
            case SWIN_UNETR -> new SwinUnetrClassifier(dims, in, featureSize, classes, swin, merging);
            case RESNET -> new ResNet(dims, in, resNet(ResNetForm.monai(layers(18))), classes);
            case MEDICALNET -> new ResNet(dims, in, resNet(ResNetForm.medicalNet(layers(18))), classes);
            case DENSENET -> new DenseNet(dims, in, denseNet(), classes);
            case UNET, UNETR, UNET_3D, MONAI_UNET -> new PooledClassifier(encoder(in, scan), classes);
        };
    }

    private UnetrForm unetr() {
        return new UnetrForm(featureSize, hiddenSize, PERCEPTRON * hiddenSize, heads, patch, blocks);
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
    public Map<String, String> facts() {
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
        // what files of earlier builds do not say; patch is what they call that of a segmentation
        if (encoder == Name.UNETR && !patch.equals(UnetrForm.PATCH)) {
            facts.put("tokenPatch", patch.toString());
        }
        if (encoder == Name.UNETR && blocks != UnetrForm.BLOCKS) {
            facts.put("blocks", Integer.toString(blocks));
        }
        if (dims != 3) {
            facts.put("dims", Integer.toString(dims));
        }
        return facts;
    }

    /**
     * The network of a file that says what {@link #facts} says; keys that do not count for its encoder are not looked at.
     *
     * @throws IllegalArgumentException with the key, what is expected and what is there
     */
    public static Backbone of(Map<String, String> facts) {
        Name encoder = choice(Name.values(), facts, "encoder", Name.UNET);
        Map<String, String> own = new LinkedHashMap<>();
        for (String key : encoder.keys.split(" ")) {
            String value = facts.get(key);
            if (value == null) {
                throw new IllegalArgumentException("it does not say its " + key + ", which " + encoder + " has");
            }
            own.put(key, value);
        }
        return new Backbone(
                encoder,
                numbers(own, "channels"),
                choice(UNetForm.values(), own, "form", UNetForm.LIGHT),
                choice(FeatureNorm.values(), own, "norm", FeatureNorm.GROUP),
                numbers(own, "featureSize").get(0),
                choice(SwinVersion.values(), own, "swin", SwinVersion.V2),
                choice(PatchMerging.Order.values(), own, "merging", PatchMerging.Order.MERGING),
                "null".equals(own.getOrDefault("depth", "null"))
                        ? null
                        : numbers(own, "depth").get(0),
                numbers(own, "hiddenSize").get(0),
                numbers(own, "heads").get(0),
                facts.containsKey("tokenPatch") ? numbers(facts, "tokenPatch") : UnetrForm.PATCH,
                facts.containsKey("blocks") ? numbers(facts, "blocks").get(0) : UnetrForm.BLOCKS,
                facts.containsKey("dims") ? numbers(facts, "dims").get(0) : 3);
    }

    /** Numbers in brackets, or one without; 1 where the key does not count. */
    private static List<Integer> numbers(Map<String, String> facts, String key) {
        String value = facts.getOrDefault(key, "1");
        if (!value.matches("\\[?\\d{1,6}(, ?\\d{1,6}){0,31}]?")) {
            throw new IllegalArgumentException("its " + key + " is '" + value + "', expected whole numbers");
        }
        return Arrays.stream(value.split("\\D+"))
                .filter(number -> !number.isEmpty())
                .map(Integer::valueOf)
                .toList();
    }

    private static <E extends Enum<E>> E choice(E[] choices, Map<String, String> facts, String key, E otherwise) {
        String value = facts.getOrDefault(key, key.equals("encoder") ? "" : lower(otherwise));
        for (E choice : choices) {
            if (lower(choice).replace('_', '-').equals(value.replace('_', '-'))) {
                return choice;
            }
        }
        throw new IllegalArgumentException("its " + key + " is '" + value + "', expected one of "
                + Arrays.toString(choices).toLowerCase(Locale.ROOT));
    }

    /** Those that names and shapes do not show: with others, weights would fit and mean something else. */
    public Map<String, String> hiddenFacts() {
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
