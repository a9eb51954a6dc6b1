package org.voco4j.program.locate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.phantom.Torso;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.Voxel;
import org.voco4j.volume.format.Nifti;

class PreparedScanTest {
    private static final Shape3 SIZE = new Shape3(32, 32, 16);
    private static final Shape3 CROP = new Shape3(8, 8, 16);

    @TempDir
    private Path folder = Path.of("");

    private PreparedScan prepared(Volume scan, Preprocessing preprocessing) throws IOException {
        Path file = folder.resolve(Orient.codes(scan.affine()) + ".nii.gz");
        new Nifti().write(scan, file);
        return PreparedScan.read(file, preprocessing);
    }

    private static Preprocessing preprocessing() {
        return new Preprocessing(null, new HuWindow(-175, 250), 0, SIZE);
    }

    /** Water in a wide margin of air, one block of bone around a voxel; spacings differ and the axes are turned. */
    private static Volume marked(String orientation, Voxel[] where) {
        Shape3 shape = new Shape3(60, 70, 40);
        float[] hu = new float[(int) shape.voxels()];
        for (int x = 0; x < shape.x(); x++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int z = 0; z < shape.z(); z++) {
                    boolean body = x >= 4 && x < 58 && y >= 9 && y < 60 && z >= 2 && z < 39;
                    boolean bone = Math.abs(x - 40) <= 2 && Math.abs(y - 20) <= 2 && Math.abs(z - 30) <= 2;
                    hu[shape.index(x, y, z)] = bone ? 1000 : body ? 0 : -1000;
                }
            }
        }
        Volume ras = new Volume(shape, Affine.scaling(new Spacing(1.5, 1, 2)), hu);
        Volume turned = Orient.to(ras, orientation);
        double[] place = turned.affine().inverse().times(ras.affine()).apply(40, 20, 30);
        where[0] = new Voxel((int) Math.rint(place[0]), (int) Math.rint(place[1]), (int) Math.rint(place[2]));
        return turned;
    }

    @ParameterizedTest
    @ValueSource(strings = {"RAS", "LPS", "SRP", "AIL"})
    void aCropLiesAroundWhatTheVoxelOfTheFileShows(String orientation) throws IOException {
        for (Spacing spacing : new Spacing[] {null, Spacing.isotropic(1.7)}) {
            Voxel[] bone = new Voxel[1];
            Volume scan = marked(orientation, bone);
            PreparedScan prepared = prepared(scan, new Preprocessing(spacing, new HuWindow(-175, 250), 0, SIZE));
            PreparedScan.Place place = prepared.place(bone[0], new Shape3(8, 8, 8));
            assertThat(place.moved()).isFalse();
            double[] centre = new double[3];
            double mass = 0;
            for (int x = 0; x < SIZE.x(); x++) {
                for (int y = 0; y < SIZE.y(); y++) {
                    for (int z = 0; z < SIZE.z(); z++) {
                        double bright = Math.max(0, prepared.volume().at(x, y, z) - 0.6);
                        mass += bright;
                        centre[0] += bright * (x + 0.5);
                        centre[1] += bright * (y + 0.5);
                        centre[2] += bright * (z + 0.5);
                    }
                }
            }
            for (int axis = 0; axis < 3; axis++) {
                double middle = (place.box().low(axis) + place.box().high(axis)) / 2.0;
                assertThat(centre[axis] / mass).as("axis " + axis).isCloseTo(middle, within(1.0));
            }
        }
    }

    @Test
    void theOrientationOfTheFileChangesNothing() throws IOException {
        Volume torso = Torso.generate(3).image();
        PreparedScan plain = prepared(torso, preprocessing());
        PreparedScan turned = prepared(Orient.to(torso, "PSL"), preprocessing());
        assertThat(turned.volume().voxels()).isEqualTo(plain.volume().voxels());
        Voxel voxel = new Voxel(30, 70, 20);
        Shape3 shape = torso.shape();
        Voxel same = new Voxel(shape.y() - 1 - 70, 20, shape.x() - 1 - 30);
        assertThat(turned.place(same, CROP)).isEqualTo(plain.place(voxel, CROP));
    }

    @Test
    void theCentreOfABoxLeadsBackToIt() throws IOException {
        PreparedScan scan = prepared(Torso.generate(3).image(), preprocessing());
        for (int x = 0; x <= SIZE.x() - CROP.x(); x++) {
            Box box = Box.at(x, SIZE.y() - CROP.y() - x, 0, CROP);
            assertThat(scan.place(scan.centre(box), CROP)).isEqualTo(new PreparedScan.Place(box, false));
        }
    }

    @Test
    void aCropThatSticksOutIsMovedAsLittleAsItTakes() throws IOException {
        Voxel[] bone = new Voxel[1];
        PreparedScan scan = prepared(marked("RAS", bone), preprocessing());
        Voxel air = new Voxel(0, bone[0].y(), 0); // z has no say: the crop spans it
        Box inside = scan.place(bone[0], CROP).box();
        assertThat(scan.place(air, CROP)).isEqualTo(new PreparedScan.Place(Box.at(0, inside.y0(), 0, CROP), true));
        assertThat(scan.place(new Voxel(bone[0].x(), bone[0].y(), 0), CROP))
                .isEqualTo(new PreparedScan.Place(inside, false));
        for (Voxel outside : new Voxel[] {new Voxel(60, 0, 0), new Voxel(0, 70, 0), new Voxel(0, 0, -1)}) {
            assertThatThrownBy(() -> scan.place(outside, CROP))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("--crop " + outside + " lies outside")
                    .hasMessageContaining("0,0,0 to 59,69,39");
        }
    }
}
