package org.voco4j.pretext.pcrlv2;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.tensor.Interpolation;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.volume.Shape3;

/**
 * An encoder and a decoder without skip connections: its deepest map doubles block by block until it is as fine as the crop, with half of the
 * channels each time.
 */
final class PcrlV2Network extends EncoderWithHead {
    private static final int FEWEST = 4; // channels

    private final Shape3 view;
    private final List<UpBlock> blocks = new ArrayList<>(); // from the deepest
    private final List<Integer> widths = new ArrayList<>();
    private final Conv voxels;

    /** Around an encoder that nobody else owns, for crops of a size. */
    PcrlV2Network(Encoder encoder, Shape3 view) {
        super(encoder);
        this.view = view;
        Shape3 deepest = deepestShape(view);
        double finer = 1;
        for (int axis = 0; axis < 3; axis++) {
            finer = Math.max(finer, (double) view.along(axis) / deepest.along(axis));
        }
        long count = Math.max(1, Math.round(Math.log(finer) / Math.log(2)));
        FeatureNorm norm = encoder.mixesSamples() ? FeatureNorm.BATCH : FeatureNorm.GROUP;
        int channels = deepestChannels();
        for (int i = 0; i < count; i++) {
            int out = Math.max(FEWEST, channels / 2);
            blocks.add(part("decoder." + i, new UpBlock(view.z() == 1 ? 2 : 3, channels, out, norm)));
            widths.add(out);
            channels = out;
        }
        voxels = part("out_tr.final_conv", new Conv(3, channels, 1, 1, 1, true));
    }

    /** The deepest map of crops, [B, 1, X, Y, Z], and those of the decoder's scales, finest last. */
    List<Tensor> maps(Tensor crops) {
        List<Tensor> maps = new ArrayList<>(List.of(deepest(crops)));
        for (int i = 0; i < blocks.size(); i++) {
            maps.add(noLarger(blocks.get(i).map(maps.get(i))));
        }
        return maps;
    }

    /** Axes that are at full size already stay so. */
    private Tensor noLarger(Tensor map) {
        return sized(map, new Shape3((int) Math.min(view.x(), map.size(2)), (int) Math.min(view.y(), map.size(3)), (int)
                Math.min(view.z(), map.size(4))));
    }

    private static Tensor sized(Tensor map, Shape3 size) {
        boolean fits = map.size(2) == size.x() && map.size(3) == size.y() && map.size(4) == size.z();
        return fits ? map : Interpolation.ofCells(map, size.x(), size.y(), size.z());
    }

    /** The voxels that were there, [B, 1, X, Y, Z], of {@link #maps}. */
    Tensor restored(List<Tensor> maps) {
        return sized(Ops.sigmoid(voxels.forward(maps.get(blocks.size()))), view);
    }

    /** The same as one scale alone tells. */
    Tensor restoredAt(int scale, List<Tensor> maps) {
        return sized(blocks.get(scale).mask(maps.get(scale + 1)), view);
    }

    /** The decoder's scales. */
    int scales() {
        return blocks.size();
    }

    /** The channels of the deepest map. */
    int deepestWidth() {
        return deepestChannels();
    }

    /** z and p of rows, [B, C + Σ D_s + …]: means of all {@link #maps}, which the norms see together. */
    ScaleContrast.View seen(Tensor rows) {
        List<Tensor> projected = new ArrayList<>();
        List<Tensor> predicted = new ArrayList<>();
        for (int scale = 0; scale < blocks.size(); scale++) {
            Tensor z = blocks.get(scale).projected(meansOfScale(rows, scale));
            projected.add(z);
            predicted.add(blocks.get(scale).predicted(z));
        }
        return new ScaleContrast.View(projected, predicted);
    }

    private Tensor meansOfScale(Tensor rows, int scale) {
        int before =
                widths.subList(0, scale).stream().mapToInt(Integer::intValue).sum();
        return rows.narrow(1, deepestWidth() + before, widths.get(scale));
    }

    @Override
    protected boolean isTaught(String weight) {
        return !encoder().stateDict().containsKey(weight) || isInDeepest(weight);
    }

    @Override
    protected boolean isHandedOn(String weight) {
        return encoder().stateDict().containsKey(weight);
    }
}
