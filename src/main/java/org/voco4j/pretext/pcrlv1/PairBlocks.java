package org.voco4j.pretext.pcrlv1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.PretextTask.Batch;
import org.voco4j.pretext.PretextTask.Block;
import org.voco4j.pretext.PretextTask.Sample;
import org.voco4j.pretext.part.pair.Mixing;
import org.voco4j.volume.Shape3;

/**
 * The pairs of a batch: for each of two crops x, m, t and c.
 *
 * @param pairs of a scan
 * @param view the size of a crop
 */
record PairBlocks(int pairs, Shape3 view) {
    private static final List<String> SEEN = List.of("firstSeen", "secondSeen"); // [K, X, Y, Z], as the next two
    private static final List<String> POSED = List.of("firstPosed", "secondPosed");
    private static final List<String> TRUTH = List.of("firstTruth", "secondTruth");
    private static final List<String> CODE = List.of("firstCode", "secondCode"); // [K, 7]

    /** What a sample is made of. */
    List<Block> all() {
        List<Block> blocks = new ArrayList<>();
        Stream.of(SEEN, POSED, TRUTH)
                .flatMap(List::stream)
                .forEach(name -> blocks.add(
                        new Block(name, List.of((long) pairs, (long) view.x(), (long) view.y(), (long) view.z()))));
        CODE.forEach(name -> blocks.add(new Block(name, List.of((long) pairs, (long) Pose.CODE))));
        return blocks;
    }

    /** Puts the first (0) or second (1) crop of a pair into a sample. */
    static void put(Crops crops, int i, Sample into) {
        into.block(SEEN.get(i)).put(crops.seen());
        into.block(POSED.get(i)).put(crops.posed());
        into.block(TRUTH.get(i)).put(crops.truth());
        into.block(CODE.get(i)).put(crops.code());
    }

    /** x₁ of all pairs, [P, 1, X, Y, Z]. */
    Tensor seen(Batch batch) {
        return crops(batch, SEEN.get(0));
    }

    /** m₁ of all pairs. */
    Tensor posed(Batch batch) {
        return crops(batch, POSED.get(0));
    }

    /** c₁ of all pairs, [P, 7]. */
    Tensor codes(Batch batch) {
        return batch.block(CODE.get(0)).reshape(-1, Pose.CODE);
    }

    /** t₁ of all pairs, flipped and turned by c₁. */
    Tensor posedTruth(Batch batch) {
        float[] truth = crops(batch, TRUTH.get(0)).toFloats();
        float[] codes = codes(batch).toFloats();
        int voxels = Math.toIntExact(view.voxels());
        float[] posed = new float[truth.length];
        for (int p = 0; p < truth.length / voxels; p++) {
            float[] crop = Arrays.copyOfRange(truth, p * voxels, (p + 1) * voxels);
            System.arraycopy(Pose.of(codes, p * Pose.CODE).of(crop, view), 0, posed, p * voxels, voxels);
        }
        return Tensor.of(posed, crops(batch, TRUTH.get(0)).shape());
    }

    private Tensor crops(Batch batch, String name) {
        return batch.block(name).reshape(-1, 1, view.x(), view.y(), view.z());
    }

    /** x₁, x₂, m₁, m₂, c₁ and c₂ of each pair as a row, so that pairs can go through in chunks. */
    static Tensor poses(Batch batch) {
        return rows(Stream.of(SEEN, POSED, CODE).flatMap(List::stream).map(batch::block), batch);
    }

    /** x̃₁, x̃₂, t̃₁ and t̃₂ of each pair as a row. */
    static Tensor mixtures(Batch batch, Mixing mixing) {
        return mixing.of(rows(Stream.of(SEEN, TRUTH).flatMap(List::stream).map(batch::block), batch));
    }

    private static Tensor rows(Stream<Tensor> blocks, Batch batch) {
        Tensor some = batch.block(CODE.get(0));
        long count = some.size(0) * some.size(1);
        return Tensor.concatenate(blocks.map(block -> block.reshape(count, -1)).toList(), 1);
    }

    /** The row of one crop in the place of all. */
    static Tensor row(Tensor crop) {
        Tensor flat = crop.reshape(crop.size(0), -1);
        return Tensor.concatenate(List.of(flat, flat, flat, flat), 1);
    }

    /** One of the four crops of rows, [P, 1, X, Y, Z]. */
    Tensor crop(Tensor rows, int i) {
        return rows.narrow(1, i * view.voxels(), view.voxels()).reshape(-1, 1, view.x(), view.y(), view.z());
    }

    /** c₁ (0) or c₂ (1) of rows of poses, [P, 7]; none of rows of mixtures. */
    List<Tensor> codes(Tensor rows) {
        long from = 4 * view.voxels();
        return IntStream.range(0, Math.toIntExact((rows.size(1) - from) / Pose.CODE))
                .mapToObj(i -> rows.narrow(1, from + (long) i * Pose.CODE, Pose.CODE))
                .toList();
    }
}
