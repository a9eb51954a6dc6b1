package org.voco4j.network.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.TokenEncoder;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.ResidualUnit;
import org.voco4j.network.unet.UNetEncoder;

/**
 * The encoder of UNETR (Hatamizadeh et al. 2022), as MONAI has it: a vision transformer over patches of 16 voxels, and the
 * convolutions that bring its hidden states to the resolutions of a U-Net. Of shorter patches or another number N of blocks it is our
 * extension.
 *
 * <pre>
 *   x₁ … x_N = transformer(x)
 *   e₁ = unit(x)      e₂ = up³(x₄)      e₃ = up²(x₇)      e₄ = up(x₁₀)      z = norm(x_N)      N = 12
 * </pre>
 *
 * <p>For another N the blocks that are read are those of {@link UnetrForm#tap}. upᵏ makes 2ᵏ voxels of one along each axis ({@code
 * UpProjection}), fewer where the patch is shorter ({@link UnetrForm#step}). The maps have f, 2f, 4f, 8f and h channels. Every
 * patch has a place of its own in the table of positions, so the image has one size, which is settled when the encoder is
 * built. Weights are named as in MONAI ({@code vit.…}, {@code encoder1.layer.conv1.conv.weight}, {@code
 * encoder2.blocks.0.0.conv.weight}).
 */
public final class UnetrEncoder extends Encoder implements TokenEncoder {
    private static final String VIT = "vit.";

    private final List<Integer> grid;
    private final UnetrForm form;
    private final VisionTransformer transformer;
    private final ResidualUnit encoder1;
    private final UpProjection encoder2;
    private final UpProjection encoder3;
    private final UpProjection encoder4;

    /**
     * An encoder with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in channels of the scan
     * @param image voxels along each axis of the images that it will be given
     * @throws IllegalArgumentException if the image does not have that many axes, each a multiple of the patch's
     */
    public UnetrEncoder(int dims, int in, List<Integer> image, UnetrForm form) {
        List<Integer> patch = form.patch(dims);
        grid = new ArrayList<>();
        for (int axis = 0; axis < dims; axis++) {
            if (image.size() != dims || image.get(axis) < 1 || image.get(axis) % patch.get(axis) != 0) {
                throw new IllegalArgumentException("UNETR cuts images of " + dims + " axes into patches of "
                        + product(patch) + " voxels: every edge must be a multiple of " + multiple(patch) + ", not "
                        + image);
            }
            grid.add(image.get(axis) / patch.get(axis));
        }
        this.form = form;
        int f = form.features();
        transformer = part("vit", new VisionTransformer(in, grid, form));
        encoder1 = part("encoder1.layer", new ResidualUnit(dims, in, f));
        encoder2 = part("encoder2", new UpProjection(dims, form.hidden(), 2 * f, steps(1)));
        encoder3 = part("encoder3", new UpProjection(dims, form.hidden(), 4 * f, steps(2)));
        encoder4 = part("encoder4", new UpProjection(dims, form.hidden(), 8 * f, steps(3)));
    }

    /** From the tokens to a level. */
    private List<List<Integer>> steps(int level) {
        List<List<Integer>> steps = new ArrayList<>();
        for (int from = UnetrForm.LEVELS - 1; from >= level; from--) {
            steps.add(form.step(from));
        }
        return steps;
    }

    private static String product(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }

    private static String multiple(List<Integer> patch) {
        return patch.stream().distinct().count() == 1 ? String.valueOf(patch.get(0)) : "its patch's";
    }

    /** The transformer within. */
    public VisionTransformer transformer() {
        return transformer;
    }

    /** The name of the weight [1, n, h] that tells where a patch lies, one row for each, the last axis fastest. */
    public String positionTable() {
        return "vit.patch_embedding.position_embeddings";
    }

    /**
     * e₁, e₂, e₃, e₄, z: [B, f, X, Y(, Z)], [B, 2f, X/2, …], [B, 4f, X/4, …], [B, 8f, X/8, …], [B, h, X/16, …]
     * for patches of 16.
     *
     * @throws IllegalArgumentException if x has another size than the encoder was built for
     */
    @Override
    public List<Tensor> levels(Tensor x) {
        requireSize(x);
        List<Tensor> hidden = transformer.hidden(x);
        return List.of(
                encoder1.forward(x), // [B, f, X, Y(, Z)]
                encoder2.forward(hidden.get(0)), // [B, 2f, X/2, …]
                encoder3.forward(hidden.get(1)), // [B, 4f, X/4, …]
                encoder4.forward(hidden.get(2)), // [B, 8f, X/8, …]
                hidden.get(3)); // [B, h, X/p, …]
    }

    @Override
    public List<Integer> patch() {
        return transformer.patch();
    }

    @Override
    public int tokenSize() {
        return form.hidden();
    }

    @Override
    public boolean isInDeepest(String weight) {
        return weight.startsWith(VIT) && !VisionTransformer.isInNorm(weight.substring(VIT.length()));
    }

    /** As MIM-Med3D trains it: without the last norm. */
    @Override
    public Tensor deepest(Tensor x, Tensor hidden, Tensor token) {
        requireSize(x);
        return transformer.masked(x, hidden, token);
    }

    private void requireSize(Tensor x) {
        long[] shape = x.shape();
        boolean fits = shape.length >= 2 && takes(Arrays.copyOfRange(shape, 2, shape.length));
        if (!fits) {
            throw new IllegalArgumentException("this UNETR was built for images of " + product(image())
                    + " voxels, one place in its table of positions for each patch; it was given " + x
                    + ". Give it images of that size, or build it for theirs");
        }
    }

    @Override
    public List<Integer> channels() {
        int f = form.features();
        return List.of(f, 2 * f, 4 * f, 8 * f, form.hidden());
    }

    @Override
    public int stage(String weight) {
        if (weight.startsWith("vit.blocks.")) {
            return 1 + Integer.parseInt(weight.split("\\.")[2]);
        }
        return switch (weight.substring(0, weight.indexOf('.'))) {
            case "encoder2" -> form.tap(1);
            case "encoder3" -> form.tap(2);
            case "encoder4" -> form.tap(3);
            default -> weight.startsWith("vit.norm") ? form.blocks() : 0;
        };
    }

    @Override
    public boolean mixesSamples() {
        return false;
    }

    /** The image that it was built for, and no other. */
    @Override
    public boolean takes(long... size) {
        List<Integer> image = image();
        boolean fits = size.length == image.size();
        for (int axis = 0; fits && axis < size.length; axis++) {
            fits = size[axis] == image.get(axis);
        }
        return fits;
    }

    private List<Integer> image() {
        List<Integer> image = new ArrayList<>();
        for (int axis = 0; axis < grid.size(); axis++) {
            image.add(grid.get(axis) * patch().get(axis));
        }
        return image;
    }

    /** Patches along each axis; n of {@link #positionTable} is their product. */
    @Override
    public List<Integer> positionGrid() {
        return grid;
    }

    @Override
    public long multiplyAdds(int crop) {
        long tokens = form.patch().stream()
                .mapToLong(edge -> Math.max(1, crop / edge))
                .reduce(1, Math::multiplyExact);
        return transformer.multiplyAdds(tokens, tokens)
                + UNetEncoder.cube(crop) * encoder1.multiplyAddsPerVoxel()
                + encoder2.multiplyAdds(tokens)
                + encoder3.multiplyAdds(tokens)
                + encoder4.multiplyAdds(tokens);
    }
}
