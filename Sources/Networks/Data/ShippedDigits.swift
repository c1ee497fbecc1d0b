import Foundation
import OrreryFindings
import OrreryFormats

/// The digits that the library ships: 1797 images of 8 × 8 pixels with grey values 0 … 16, as scikit-learn has them.
///
/// E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning Repository 1998,
/// doi:10.24432/C50P49 (the test part, CC BY 4.0); the file is scikit-learn's `digits.csv.gz` (BSD-3-Clause).
enum ShippedDigits {
  static var entry: DataCatalogue.Entry {
    DataCatalogue.Entry(
      name: "digits", title: "Optical recognition of handwritten digits", samples: 1797, testSamples: 0, features: 64,
      shape: [8, 8], classNames: (0...9).map(String.init), values: "grey values, whole numbers from 0 to 16",
      source: "Alpaydin and Kaynak 1998, UCI Machine Learning Repository, doi:10.24432/C50P49; by way of scikit-learn",
      publications: [.alpaydin1998optical, .pedregosa2011scikit],
      licence: "CC BY 4.0 (data), BSD-3-Clause (scikit-learn's file)", location: "inside the library",
      isInstalled: true, remedy: "it is always there.")
  }

  static func read() throws -> RawData {
    let table = try Csv.read(PackageResources.digits_csv_gz, name: "digits", header: .absent).values
    let (inputs, labels) = try RawData.split(table, labelColumn: 64, name: "digits")
    let entry = entry
    return RawData(
      name: entry.name, train: RawData.Part(inputs: inputs, labels: labels), test: nil, shape: entry.shape,
      classNames: entry.classNames, source: entry.source, licence: entry.licence)
  }
}
