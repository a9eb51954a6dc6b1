package org.voco4j.network.resnet;

import java.util.Collections;
import java.util.List;

/**
 * What distinguishes one {@link DenseNet} from another.
 *
 * @param first channels of the first convolution
 * @param growth k, channels that every layer adds
 * @param layers how many layers each block has, for at least one block
 */
public record DenseNetForm(int first, int growth, List<Integer> layers) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there is no block or a number is below 1
     */
    public DenseNetForm {
        layers = List.copyOf(layers);
        if (layers.isEmpty() || first < 1 || growth < 1 || Collections.min(layers) < 1) {
            throw new IllegalArgumentException("a DenseNet has at least one block and no number below 1, not layers "
                    + layers + ", first " + first + ", growth " + growth);
        }
    }

    /**
     * The published forms, of 64 first channels and growth 32 (Huang et al. 2017, Table 1).
     *
     * @throws IllegalArgumentException for other depths than 121, 169, 201, 264
     */
    public static DenseNetForm ofDepth(int depth) {
        return new DenseNetForm(
                64,
                32,
                switch (depth) {
                    case 121 -> List.of(6, 12, 24, 16);
                    case 169 -> List.of(6, 12, 32, 32);
                    case 201 -> List.of(6, 12, 48, 32);
                    case 264 -> List.of(6, 12, 64, 48);
                    default ->
                        throw new IllegalArgumentException(
                                "a standard DenseNet has 121, 169, 201 or 264 layers, not " + depth);
                });
    }
}
