import Foundation
import OrreryReports
import Testing

/// The claims of the palette's documentation, computed.
@Suite struct PlotColorTests {
  /// Linear light of "#rrggbb" (IEC 61966-2-1).
  static func linear(_ color: String) -> [Double] {
    let digits = Int(color.dropFirst(), radix: 16) ?? 0
    return [16, 8, 0].map { shift in
      let value = Double(digits >> shift & 255) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
  }

  static func luminance(_ color: String) -> Double {
    zip(linear(color), [0.2126, 0.7152, 0.0722]).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// WCAG 2 contrast.
  static func contrast(_ a: String, _ b: String) -> Double {
    let pair = [luminance(a), luminance(b)].sorted()
    return (pair[1] + 0.05) / (pair[0] + 0.05)
  }

  /// Full protanopia, deuteranopia, tritanopia on linear light: Machado, Oliveira, Fernandes (2009), severity 1.
  static let visions: [[[Double]]] = [
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
  ]

  /// CIELAB under D65.
  static func lab(_ light: [Double]) -> [Double] {
    let rows = [
      [0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041],
    ]
    let f = zip(rows, [0.95047, 1, 1.08883]).map { row, white -> Double in
      let t = zip(row, light).reduce(0) { $0 + $1.0 * $1.1 } / white
      return t > 0.008856 ? cbrt(t) : 7.787 * t + 16 / 116
    }
    return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
  }

  static func seen(_ color: String, by vision: [[Double]]) -> [Double] {
    let light = linear(color)
    return lab(vision.map { row in min(1, max(0, zip(row, light).reduce(0) { $0 + $1.0 * $1.1 })) })
  }

  @Test func everyColourStandsOutFromItsPaper() {
    for color in PlotColor.palette {
      #expect(Self.contrast(color.light, "#ffffff") >= 3)
      #expect(Self.contrast(color.dark, "#15181d") >= 3)
    }
  }

  @Test(arguments: [0, 1, 2, 3])
  func anyTwoColoursDiffer(vision: Int) {
    for side in [\(light: String, dark: String).light, \.dark] {
      let colors = PlotColor.palette.map { Self.seen($0[keyPath: side], by: Self.visions[vision]) }
      for i in colors.indices {
        for j in colors.indices where j < i {
          let distance = zip(colors[i], colors[j]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
          #expect(distance >= 15, "\(i) and \(j): \(distance)")
        }
      }
    }
  }

  @Test func textIsReadableOnBothPapers() {
    let sheet = PlotStylesheet.text
    #expect(sheet.contains("prefers-color-scheme:dark"))
    #expect(!sheet.contains("var("), "Converters do not know custom properties.")
    #expect(Self.contrast("#5c646f", "#ffffff") >= 4.5)
    #expect(Self.contrast("#9aa3af", "#15181d") >= 4.5)
  }
}
