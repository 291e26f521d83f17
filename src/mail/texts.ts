// What the mails say, in both languages. `{name}` and the like are filled in.
import type { Language, MailSubject } from '../metadata/tables/sign-in.ts';

export type MailText = {
  readonly subject: string;
  /** one paragraph each */
  readonly body: readonly string[];
  /** label of the link; null: there is none */
  readonly button: string | null;
  readonly footer: string;
};

type Texts = Readonly<Record<MailSubject['kind'], MailText>>;

const en: Texts = {
  invitation: {
    subject: 'You are invited to vStorage',
    body: [
      '{rootEmail} has made an IAM user for you: {name}.',
      'Set your own password to sign in. The link works once, for {hours} hours.',
    ],
    button: 'Set a password',
    footer: 'If you expect no invitation, ignore this mail: nobody can sign in without the link.',
  },
  reset: {
    subject: 'Set a new vStorage password',
    body: [
      'Somebody asked for a new password for {name}.',
      'Set it with the link. It works once, for {hours} hour. Until then the present password goes on working.',
    ],
    button: 'Set a new password',
    footer: 'If it was not you, ignore this mail: nothing changes without the link.',
  },
  'sign-up': {
    subject: 'Confirm your address for vStorage',
    body: [
      'Somebody wants to make a vStorage account with this e-mail address.',
      'Confirm the address and set a password with the link. It works once, for {hours} hours.',
    ],
    button: 'Make the account',
    footer: 'If it was not you, ignore this mail: no account is made without the link.',
  },
  'known-address': {
    subject: 'You have a vStorage account already',
    body: [
      'Somebody wants to make a vStorage account with this e-mail address, but there is one.',
      'If it was you, sign in. If you have forgotten the password, the sign-in page sends you a link for a new one.',
    ],
    button: 'To the sign-in page',
    footer: 'If it was not you, ignore this mail: nothing has changed.',
  },
  'password-changed': {
    subject: 'Your vStorage password was changed',
    body: ['The password of {name} was set anew with a link from a mail. All its sessions have ended.'],
    button: null,
    footer: 'If it was not you, ask for a new password on the sign-in page at once and tell your administrator.',
  },
  'usage-alert': {
    subject: 'The vStorage project {name} is {percent} % full',
    body: [
      'The project {name} uses {used} of its quota of {quota}.',
      'When the quota is used up, nothing more can be uploaded. Delete what is not needed, or raise the quota.',
    ],
    button: 'To the project',
    footer: 'You get this mail once, until the project has more room again. The alert is set in the project.',
  },
  'auto-scaled': {
    subject: 'The quota of the vStorage project {name} was raised',
    body: ['The project {name} uses {used}. Auto-scale has raised its quota to {quota}.'],
    button: 'To the project',
    footer: 'Auto-scale is set in the project.',
  },
  'auto-scale-failed': {
    subject: 'The quota of the vStorage project {name} cannot grow any more',
    body: [
      'The project {name} uses {used} of its quota of {quota}, and auto-scale may not raise the quota further.',
      'When the quota is used up, nothing more can be uploaded. Delete what is not needed, or let it grow further.',
    ],
    button: 'To the project',
    footer: 'You get this mail once. Auto-scale is set in the project.',
  },
};

const vi: Texts = {
  invitation: {
    subject: 'Bạn được mời sử dụng vStorage',
    body: [
      '{rootEmail} đã tạo cho bạn một người dùng IAM: {name}.',
      'Hãy tự đặt mật khẩu để đăng nhập. Liên kết dùng được một lần, trong {hours} giờ.',
    ],
    button: 'Đặt mật khẩu',
    footer: 'Nếu bạn không chờ lời mời nào, hãy bỏ qua thư này: không có liên kết thì không ai đăng nhập được.',
  },
  reset: {
    subject: 'Đặt lại mật khẩu vStorage',
    body: [
      'Có người yêu cầu mật khẩu mới cho {name}.',
      'Hãy đặt mật khẩu bằng liên kết dưới đây. Liên kết dùng được một lần, trong {hours} giờ. Cho đến lúc đó mật khẩu hiện tại vẫn dùng được.',
    ],
    button: 'Đặt mật khẩu mới',
    footer: 'Nếu không phải bạn yêu cầu, hãy bỏ qua thư này: không có gì thay đổi.',
  },
  'sign-up': {
    subject: 'Xác nhận địa chỉ e-mail cho vStorage',
    body: [
      'Có người muốn tạo tài khoản vStorage bằng địa chỉ e-mail này.',
      'Hãy xác nhận địa chỉ và đặt mật khẩu bằng liên kết dưới đây. Liên kết dùng được một lần, trong {hours} giờ.',
    ],
    button: 'Tạo tài khoản',
    footer: 'Nếu không phải bạn yêu cầu, hãy bỏ qua thư này: không có tài khoản nào được tạo.',
  },
  'known-address': {
    subject: 'Bạn đã có tài khoản vStorage',
    body: [
      'Có người muốn tạo tài khoản vStorage bằng địa chỉ e-mail này, nhưng tài khoản đã tồn tại.',
      'Nếu đó là bạn, hãy đăng nhập. Nếu quên mật khẩu, trang đăng nhập sẽ gửi cho bạn liên kết để đặt mật khẩu mới.',
    ],
    button: 'Đến trang đăng nhập',
    footer: 'Nếu không phải bạn, hãy bỏ qua thư này: không có gì thay đổi.',
  },
  'password-changed': {
    subject: 'Mật khẩu vStorage của bạn đã được thay đổi',
    body: ['Mật khẩu của {name} vừa được đặt lại bằng liên kết trong thư. Mọi phiên đăng nhập đã kết thúc.'],
    button: null,
    footer:
      'Nếu không phải bạn thực hiện, hãy yêu cầu mật khẩu mới ở trang đăng nhập ngay và báo cho quản trị viên của bạn.',
  },
  'usage-alert': {
    subject: 'Project vStorage {name} đã dùng {percent} % quota',
    body: [
      'Project {name} đang dùng {used} trong tổng quota {quota}.',
      'Khi hết quota, bạn không thể tải thêm dữ liệu lên. Hãy xóa dữ liệu không cần thiết hoặc tăng quota.',
    ],
    button: 'Mở project',
    footer:
      'Bạn chỉ nhận thư này một lần cho đến khi project có thêm dung lượng trống. Cảnh báo được đặt trong project.',
  },
  'auto-scaled': {
    subject: 'Quota của project vStorage {name} đã được tăng',
    body: ['Project {name} đang dùng {used}. Tính năng tự động mở rộng đã tăng quota lên {quota}.'],
    button: 'Mở project',
    footer: 'Tính năng tự động mở rộng được đặt trong project.',
  },
  'auto-scale-failed': {
    subject: 'Quota của project vStorage {name} không thể tăng thêm',
    body: [
      'Project {name} đang dùng {used} trong tổng quota {quota}, và tính năng tự động mở rộng đã đạt giới hạn.',
      'Khi hết quota, bạn không thể tải thêm dữ liệu lên. Hãy xóa dữ liệu không cần thiết hoặc nâng giới hạn.',
    ],
    button: 'Mở project',
    footer: 'Bạn chỉ nhận thư này một lần. Tính năng tự động mở rộng được đặt trong project.',
  },
};

export const mailTexts: Readonly<Record<Language, Texts>> = { en, vi };
