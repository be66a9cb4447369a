// NIfTI files: what ITK reads and writes lies where this project says, with the same values.
#include "image/nifti.h"

#include <gtest/gtest.h>
#include <itkImageFileReader.h>
#include <itkImageFileWriter.h>
#include <itkNiftiImageIO.h>
#include <rapidcheck/gtest.h>

#include "tests/itk/images.h"
#include "tests/support/geometries.h"
#include "tests/support/temporary_folder.h"

namespace parotis::image {
namespace {

template <class T>
Image<T> ReadWithItk(const std::filesystem::path& path) {
  const auto reader = itk::ImageFileReader<itk::Image<T, 3>>::New();
  reader->SetImageIO(itk::NiftiImageIO::New());
  reader->SetFileName(path.string());
  reader->Update();
  return test::FromItk<T>(*reader->GetOutput());
}

template <class T>
void WriteWithItk(const std::filesystem::path& path, const Image<T>& image) {
  const auto writer = itk::ImageFileWriter<itk::Image<T, 3>>::New();
  writer->SetImageIO(itk::NiftiImageIO::New());
  writer->SetFileName(path.string());
  writer->SetInput(test::ToItk(image));
  writer->Update();
}

Geometry AnyGeometry(base::Random& random) {
  Geometry geometry = test::RandomGeometry(random, 10);
  if (random.Chance(0.5)) geometry.direction = test::AxisOrientations()[static_cast<std::size_t>(random.Integer(48))];
  return geometry;
}

RC_GTEST_PROP(NiftiAgainstItk, ItkReadsWhatWeWrite, (const std::uint64_t seed)) {
  const test::TemporaryFolder folder;
  base::Random random(seed);
  Volume volume(AnyGeometry(random));
  for (float& value : volume.voxels) value = static_cast<float>(random.Normal(0, 1000));
  const auto path = folder.path() / "ours.nii.gz";
  WriteNifti(path, volume);
  const Volume theirs = ReadWithItk<float>(path);
  RC_ASSERT(theirs.voxels == volume.voxels);
  RC_ASSERT(SameGrid(theirs.geometry, volume.geometry, 0.1));  // ITK may go by the single-precision quaternion
}

template <class T>
void ExpectWeReadWhatItkWrites(base::Random& random) {
  const test::TemporaryFolder folder;
  Image<T> image(AnyGeometry(random));
  for (T& value : image.voxels) value = static_cast<T>(random.Integer(100));
  const auto path = folder.path() / (random.Chance(0.5) ? "theirs.nii.gz" : "theirs.nii");
  WriteWithItk(path, image);
  const Volume ours = ReadNifti(path);
  RC_ASSERT(std::equal(ours.voxels.begin(), ours.voxels.end(), image.voxels.begin(), image.voxels.end()));
  RC_ASSERT(SameGrid(ours.geometry, image.geometry, 1e-2));
}

RC_GTEST_PROP(NiftiAgainstItk, WeReadWhatItkWrites, (const std::uint64_t seed)) {
  base::Random random(seed);
  switch (random.Integer(5)) {
    case 0: return ExpectWeReadWhatItkWrites<unsigned char>(random);
    case 1: return ExpectWeReadWhatItkWrites<short>(random);
    case 2: return ExpectWeReadWhatItkWrites<int>(random);
    case 3: return ExpectWeReadWhatItkWrites<double>(random);
    default: return ExpectWeReadWhatItkWrites<float>(random);
  }
}

TEST(NiftiAgainstItk, BothReadThePublicHippocampusDataAlike) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  int compared = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::SharedData() / "hippocampus" / "imagesTr")) {
    if (entry.path().extension() != ".gz" || entry.path().filename().string().starts_with('.') || ++compared > 25)
      continue;
    const Volume ours = ReadNifti(entry.path());
    const Volume theirs = ReadWithItk<float>(entry.path());
    EXPECT_EQ(ours.voxels, theirs.voxels) << entry.path();
    EXPECT_TRUE(SameGrid(ours.geometry, theirs.geometry, 1e-3)) << entry.path();
  }
  EXPECT_GT(compared, 0);
}

}  // namespace
}  // namespace parotis::image
