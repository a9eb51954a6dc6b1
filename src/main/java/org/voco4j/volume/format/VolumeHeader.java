package org.voco4j.volume.format;

import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;

/**
 * What a file says about its volume before a voxel is read.
 *
 * @param shape voxels along x, y, z
 * @param channels the number of volumes in the file; 1 unless it is 4-D
 * @param affine voxel index → RAS+ millimetres
 * @param dataType how voxels are stored, for example {@code int16}
 */
public record VolumeHeader(Shape3 shape, int channels, Affine affine, String dataType) {}
