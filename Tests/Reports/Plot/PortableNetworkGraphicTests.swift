import OrreryReports
import Testing

@Suite struct PortableNetworkGraphicTests {
  /// Check values of the two checksums, as published: CRC-32 of "123456789", Adler-32 of "Wikipedia".
  @Test func checksums() {
    #expect(PortableNetworkGraphic.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(PortableNetworkGraphic.adler32(Array("Wikipedia".utf8)) == 0x11E6_0398)
  }

  /// RFC 4648 §10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func base64(text: String, encoded: String) {
    #expect(PortableNetworkGraphic.base64(Array(text.utf8)) == encoded)
  }

  @Test func chunksCarryThePixels() {
    let red = PortableNetworkGraphic.Pixel(red: 255, green: 0, blue: 0, alpha: 255)
    let file = PortableNetworkGraphic.encode([red, .clear, .clear, red], width: 2)
    #expect(Array(file[0..<8]) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    var position = 8
    var names: [String] = []
    while position < file.count {
      let length = file[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let body = Array(file[position + 4..<position + 8 + length])
      names.append(String(decoding: body[0..<4], as: UTF8.self))
      let stored = file[position + 8 + length..<position + 12 + length].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      #expect(PortableNetworkGraphic.crc32(body) == stored)
      if names.last == "IDAT" {
        // zlib header, one stored block's header, then two rows of a filter byte and two pixels.
        let rows = Array(body[4 + 2 + 5..<body.count - 4])
        #expect(rows == [0, 255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 255])
      }
      position += 12 + length
    }
    #expect(names == ["IHDR", "IDAT", "IEND"])
  }

  @Test func largePicturesTakeSeveralBlocks() {
    let file = PortableNetworkGraphic.encode(Array(repeating: .clear, count: 200 * 200), width: 200)
    #expect(file.count > 200 * 200 * 4 && file.count < 200 * 200 * 4 + 400)
  }
}
