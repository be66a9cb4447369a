#include "dicom/deidentify_item.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "dicom/attributes.h"
#include "dicom/confidentiality_profile.h"
#include "dicom/deidentify_private.h"
#include "dicom/description_words.h"
#include "dicom/element_bytes.h"
#include "dicom/pseudonyms.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

constexpr const char* kDummy = "REMOVED";
constexpr const char* kDummyDate = "19000101";
constexpr const char* kDummyTime = "000000";

std::uint32_t Key(const DcmTagKey& tag) { return static_cast<std::uint32_t>(tag.getGroup()) << 16U | tag.getElement(); }

// Long enough not to be met with by chance in a sentence.
bool LooksLikeUid(const std::string& text) {
  return text.size() > 4 && text.find_first_not_of("0123456789.") == std::string::npos &&
         text.find('.') != std::string::npos;
}
// Classes, transfer syntaxes and well-known frames of reference are the standard's, not the patient's.
bool IsStandardUid(const std::string& uid) { return uid.starts_with("1.2.840.10008."); }

bool IsText(DcmEVR vr) {
  return vr == EVR_LO || vr == EVR_LT || vr == EVR_SH || vr == EVR_ST || vr == EVR_UC || vr == EVR_UT || vr == EVR_PN ||
         vr == EVR_UR;
}
// Where people write sentences.
bool IsProse(DcmEVR vr) { return vr == EVR_LT || vr == EVR_ST || vr == EVR_UC || vr == EVR_UT; }
bool IsCode(DcmEVR vr) { return vr == EVR_CS || vr == EVR_AE; }
bool IsDate(DcmEVR vr) { return vr == EVR_DA || vr == EVR_DT; }
bool IsTemporal(DcmEVR vr) { return IsDate(vr) || vr == EVR_TM; }

// Numbers, places and devices by which somebody could be found: PS3.6 names behind them.
constexpr auto kIdentifying = std::to_array<std::uint32_t>({
    0x00080050, 0x00080051, 0x00080054, 0x00080055, 0x00080080, 0x00080081, 0x00080092, 0x00080094, 0x00081000,
    0x00081010, 0x00081040, 0x00081041, 0x00100020, 0x00100021, 0x00100050, 0x00101000, 0x00101040, 0x00101090,
    0x00102150, 0x00102152, 0x00102154, 0x00102155, 0x001021f0, 0x00102299, 0x00120020, 0x00120030, 0x00120031,
    0x00120040, 0x00181000, 0x00181008, 0x00200010, 0x00321020, 0x00321021, 0x00321033, 0x00380010, 0x00380060,
    0x00380300, 0x00380400, 0x00400241, 0x00400242, 0x00400243, 0x00400253, 0x00400009, 0x00400001, 0x00401001,
    0x00401010, 0x00401102, 0x00401103, 0x00401104, 0x00402008, 0x00402009, 0x00402010, 0x00402016, 0x00402017,
});

// The birth date and the days of the examination. Others (of calibration) are moved as these are, but not looked for:
// a moved day may by chance be one of them.
bool IsIdentifyingDate(const DcmTagKey& tag) {
  const std::uint32_t key = Key(tag);
  return key == 0x00100030 || key == 0x00080012 || (key >= 0x00080020 && key <= 0x00080023) || key == 0x0008002a;
}

// A number written as text that is somebody's: a series or an instance numbered after the patient. Short ones are
// everybody's.
bool IsIdentifyingInteger(DcmElement& element, const Identifiers& identifiers) {
  constexpr std::size_t kLeastDigits = 6;
  if (element.ident() != EVR_IS) return false;
  const std::vector<std::string> values = SplitValues(BytesOf(element));
  return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
    return value.size() >= kLeastDigits && identifiers.Holds(value);
  });
}

// Every element of `item`, its sequences' included; children before their sequence.
template <class Visit>
void ForEachElement(DcmItem& item, const Visit& visit) {
  std::vector<DcmElement*> elements;
  for (DcmObject* each = item.nextInContainer(nullptr); each != nullptr; each = item.nextInContainer(each))
    elements.push_back(static_cast<DcmElement*>(each));
  for (DcmElement* element : elements) {
    if (element->ident() == EVR_SQ) {
      auto* sequence = static_cast<DcmSequenceOfItems*>(element);
      for (DcmObject* each = sequence->nextInContainer(nullptr); each != nullptr;
           each = sequence->nextInContainer(each))
        ForEachElement(*static_cast<DcmItem*>(each), visit);
    }
    visit(item, *element);
  }
}

class Cleaner {
 public:
  Cleaner(const ItemCleaning& cleaning, const Identifiers& identifiers)
      : cleaning_(cleaning), identifiers_(identifiers) {}

  void Clean(DcmItem& item) const {
    RemoveUnsafePrivate(item);
    std::vector<DcmTagKey> tags;
    for (DcmObject* each = item.nextInContainer(nullptr); each != nullptr; each = item.nextInContainer(each))
      tags.push_back(each->getTag());
    for (const DcmTagKey& tag : tags) {
      DcmElement* element = nullptr;
      if (item.findAndGetElement(tag, element).good() && element != nullptr) CleanElement(item, *element);
    }
  }

 private:
  static void Remove(DcmItem& item, const DcmTagKey& tag) { delete item.remove(tag); }
  static void Put(DcmItem& item, const DcmTag& tag, const std::string& value) {
    if (item.putAndInsertString(tag, value.c_str()).bad()) Remove(item, tag);
  }
  static void Empty(DcmItem& item, DcmElement& element) {
    if (element.ident() == EVR_SQ)
      static_cast<DcmSequenceOfItems&>(element).clear();
    else
      item.insertEmptyElement(DcmTag(element.getTag()));
  }

  void CleanSequence(DcmElement& element) const {
    auto& sequence = static_cast<DcmSequenceOfItems&>(element);
    for (DcmObject* each = sequence.nextInContainer(nullptr); each != nullptr; each = sequence.nextInContainer(each))
      Clean(*static_cast<DcmItem*>(each));
  }

  void CleanElement(DcmItem& item, DcmElement& element) const {
    const DcmTagKey tag = element.getTag();
    const std::uint16_t group = tag.getGroup();
    if (tag.getElement() == 0 || (group & 0xFF00U) == 0x5000U || (group & 0xFF00U) == 0x6000U) {
      Remove(item, tag);  // group lengths, curves, overlays
    } else if (group % 2 == 1) {
      if (element.ident() == EVR_SQ) CleanSequence(element);
    } else if (!CleanNamed(item, element)) {
      const auto characteristic = CharacteristicActionOf(group, tag.getElement());
      const auto action = ProfileActionOf(group, tag.getElement());
      if (characteristic && !cleaning_.drop_characteristics)
        CleanCharacteristic(item, element, *characteristic);
      else if (IsTemporal(element.ident()) && !cleaning_.drop_dates && HasModifiedDateOption(group, tag.getElement()))
        MoveDate(item, element, action == ProfileAction::kDummy);
      else if (action)
        ApplyProfile(item, element, *action);
      else
        CleanUnnamed(item, element);
    }
  }

  // Attributes with a rule of their own, from the options of the profile. True when it was one.
  bool CleanNamed(DcmItem& item, DcmElement& element) const {
    const DcmTag tag(element.getTag());
    switch (Key(tag)) {
      case 0x00100010:
      case 0x00100020: Put(item, tag, cleaning_.patient_pseudonym); return true;
      case 0x00080005: return true;
      case 0x00081030:
      case 0x0008103e:
      case 0x00181030:
      case 0x00082111:
      case 0x00189423: ReplaceText(item, tag, CleanDescription(CleanText(BytesOf(element)))); return true;
      case 0x00180010: CleanContrast(item, tag, CleanText(BytesOf(element))); return true;
      case 0x00204000: ReplaceText(item, tag, CleanImageComment(CleanText(BytesOf(element)))); return true;
      default: return false;
    }
  }

  void ReplaceText(DcmItem& item, const DcmTag& tag, const std::string& clean) const {
    Put(item, tag, identifiers_.Scrub(clean));
  }

  // That there was an agent is a fact about the images, whatever it was called.
  void CleanContrast(DcmItem& item, const DcmTag& tag, const std::string& agent) const {
    const std::string clean = identifiers_.Scrub(CleanDescription(agent));
    Put(item, tag, clean.empty() && !agent.empty() ? "agent" : clean);
  }

  void CleanCharacteristic(DcmItem& item, DcmElement& element, CharacteristicAction action) const {
    const DcmTag tag(element.getTag());
    const DcmEVR vr = element.ident();
    if (Key(tag) == 0x00101010) return CapAge(item, tag);
    if (vr == EVR_UR) return Remove(item, tag);  // the address of a document about the patient
    if (action == CharacteristicAction::kClean)
      return ReplaceText(item, tag, CleanDescription(CleanText(BytesOf(element))));
    CleanUnnamed(item, element);
  }

  static void CapAge(DcmItem& item, const DcmTag& tag) {
    const std::string age = Code(item, Tag{tag.getGroup(), tag.getElement(), "AS"});
    const auto years = age.size() == 4 && age[3] == 'Y' ? ParseNumber(age.substr(0, 3)) : std::nullopt;
    if (years && *years > 90) Put(item, tag, "090Y");
    if (age.size() != 4) Put(item, tag, "");
  }

  // Every value by the same number of days; times of day stay, so that what was an hour apart still is. What is no date
  // goes.
  void MoveDate(DcmItem& item, DcmElement& element, bool value_wanted) const {
    if (element.ident() == EVR_TM) return;
    std::string moved;
    bool first = true;
    for (const std::string& value : SplitValues(BytesOf(element))) {
      if (!std::exchange(first, false)) moved += '\\';
      const std::string day = DateEarlier(value.substr(0, 8), cleaning_.date_shift_days);
      moved += day.empty() || element.ident() == EVR_DA ? day : day + value.substr(8);
    }
    Put(item, DcmTag(element.getTag()), moved.empty() && value_wanted ? kDummyDate : moved);
  }

  void ApplyProfile(DcmItem& item, DcmElement& element, ProfileAction action) const {
    const DcmTag tag(element.getTag());
    const DcmEVR vr = element.ident();
    if (action == ProfileAction::kRemove) return Remove(item, tag);
    if (action == ProfileAction::kUid) return vr == EVR_SQ ? CleanSequence(element) : ReplaceUids(item, element);
    if (action == ProfileAction::kEmpty) return Empty(item, element);
    if (vr == EVR_UI) return ReplaceUids(item, element);
    if (IsDate(vr)) return Put(item, tag, kDummyDate);
    if (vr == EVR_TM) return Put(item, tag, kDummyTime);
    if (IsText(vr) || IsCode(vr)) return Put(item, tag, kDummy);
    Remove(item, tag);
  }

  void ReplaceUids(DcmItem& item, DcmElement& element) const {
    std::string replaced;
    for (const std::string& value : SplitValues(BytesOf(element))) {
      if (!replaced.empty()) replaced += '\\';
      replaced += value.empty() || IsStandardUid(value) ? value : UidPseudonym(value, cleaning_.key);
    }
    Put(item, DcmTag(element.getTag()), replaced);
  }

  // What the profile does not name stays, but for what identifies somebody all the same.
  void CleanUnnamed(DcmItem& item, DcmElement& element) const {
    const DcmTag tag(element.getTag());
    const DcmEVR vr = element.ident();
    if (vr == EVR_SQ) return CleanSequence(element);
    if (vr == EVR_UI) return ReplaceUids(item, element);
    if (vr == EVR_PN || vr == EVR_UR) return Empty(item, element);
    if (IsTemporal(vr)) return Empty(item, element);
    if (tag.getGroup() == 0x7fe0) return;
    if (IsOpaque(element)) return Remove(item, tag);
    if (vr == EVR_OW && tag.getGroup() != 0x0028) return Remove(item, tag);  // 0028 holds lookup tables
    const std::string value = BytesOf(element);
    if ((IsCode(vr) && identifiers_.FindWord(value)) || IsIdentifyingInteger(element, identifiers_))
      return Empty(item, element);
    if (!IsText(vr)) return;
    std::string clean = identifiers_.Scrub(value);
    if (IsProse(vr) && !clean.empty()) clean = CleanDescription(CleanText(clean));
    if (clean.empty() && !value.empty()) clean = kDummy;
    if (clean != value) Put(item, tag, clean);
  }

  const ItemCleaning& cleaning_;
  const Identifiers& identifiers_;
};

struct Code64 {
  const char *value, *meaning;
};

// The options claimed, codes of CID 7050. Why each may be: docs/deidentification.md.
void PutMethod(DcmItem& dataset, const ItemCleaning& cleaning) {
  std::string method = "parotis deidentify, PS3.15 Annex E";
  std::vector<Code64> codes = {{"113100", "Basic Application Confidentiality Profile"},
                               {"113105", "Clean Descriptors Option"},
                               {"113111", "Retain Safe Private Option"}};
  if (!cleaning.drop_characteristics) {
    codes.push_back({"113108", "Retain Patient Characteristics Option"});
    method += "\\ages above 90 years are given as 90";
  }
  if (!cleaning.drop_dates)
    codes.push_back({"113107", "Retain Longitudinal Temporal Information Modified Dates Option"});
  dataset.putAndInsertString(DCM_PatientIdentityRemoved, "YES");
  dataset.putAndInsertString(DCM_DeidentificationMethod, method.c_str());
  dataset.putAndInsertString(DCM_LongitudinalTemporalInformationModified, cleaning.drop_dates ? "REMOVED" : "MODIFIED");
  for (const Code64& code : codes) {
    DcmItem* item = nullptr;
    if (dataset.findOrCreateSequenceItem(DCM_DeidentificationMethodCodeSequence, item, -2).bad()) return;
    item->putAndInsertString(DCM_CodeValue, code.value);
    item->putAndInsertString(DCM_CodingSchemeDesignator, "DCM");
    item->putAndInsertString(DCM_CodeMeaning, code.meaning);
  }
}

}  // namespace

void CollectIdentifiers(DcmItem& dataset, bool uids, Identifiers& identifiers) {
  const std::string character_set = CleanText(RawText(dataset, tag::kSpecificCharacterSet));
  ForEachElement(dataset, [&](DcmItem&, DcmElement& element) {
    const DcmEVR vr = element.ident();
    const bool identifying =
        std::find(kIdentifying.begin(), kIdentifying.end(), Key(element.getTag())) != kIdentifying.end();
    if (vr != EVR_PN && vr != EVR_UI && !identifying && !IsIdentifyingDate(element.getTag())) return;
    const std::string raw = BytesOf(element);
    if (raw.empty()) return;
    if (vr == EVR_UI) {
      for (const std::string& value : SplitValues(raw)) {
        if (uids && LooksLikeUid(value) && !IsStandardUid(value)) identifiers.AddValue(value);
      }
    } else if (IsDate(vr)) {
      identifiers.AddDate(raw);
    } else if (vr == EVR_PN) {
      identifiers.AddRaw(raw);
      identifiers.AddName(Utf8FromDicom(raw, character_set));
    } else {
      for (const std::string& value : SplitValues(raw)) {
        identifiers.AddRaw(value);
        identifiers.AddValue(Utf8FromDicom(value, character_set));
      }
    }
  });
}

void CleanDataset(DcmItem& dataset, const ItemCleaning& cleaning, const Identifiers& identifiers) {
  delete dataset.remove(DCM_DeidentificationMethodCodeSequence);
  Cleaner(cleaning, identifiers).Clean(dataset);
  PutMethod(dataset, cleaning);
}

std::string FindIdentifier(DcmItem& dataset, const Identifiers& identifiers) {
  std::string found;
  ForEachElement(dataset, [&](DcmItem&, DcmElement& element) {
    const DcmEVR vr = element.ident();
    if (!found.empty() || vr == EVR_SQ || element.getTag().getGroup() == 0x7fe0) return;
    bool hit = false;
    if (IsText(vr) || IsOpaque(element)) hit = identifiers.Find(BytesOf(element)).has_value();
    if (IsCode(vr) || vr == EVR_DA || vr == EVR_UI) hit = identifiers.FindWord(BytesOf(element));
    if (vr == EVR_IS) hit = IsIdentifyingInteger(element, identifiers);
    if (hit) found = fmt::format("({:04x},{:04x})", element.getTag().getGroup(), element.getTag().getElement());
  });
  return found;
}

}  // namespace parotis::dicom
